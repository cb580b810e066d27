/** Asks a cluster whom it takes a bearer for. The only judge of a pasted token is the cluster it is for. */
import { randomUUID } from 'node:crypto';
import {
  accept,
  type EpochSeconds,
  type Person,
  personFromClaims,
  personFromReview,
  type Refusal,
  type Result,
  readClaimsWithoutVerifying,
  readExpiryWithoutVerifying,
  refuse,
} from '@lamplighter/auth-core';
import { type Answer, type ClusterConnection, Credential, parseUpstreamPath } from '@lamplighter/proxy';

/** Kubernetes 1.28 and later: authentication.k8s.io/v1. */
const REVIEW = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
const REVIEW_PATH = '/apis/authentication.k8s.io/v1/selfsubjectreviews';

/** Older clusters know no such thing; this question every authenticated caller may ask, and a bad bearer gets 401 for it. */
const ACCESS_REVIEW = {
  apiVersion: 'authorization.k8s.io/v1',
  kind: 'SelfSubjectAccessReview',
  spec: { nonResourceAttributes: { path: '/api', verb: 'get' } },
};
const ACCESS_REVIEW_PATH = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/**
 * @param bearer - not blank: a blank one is no bearer but an anonymous request.
 * @param auditId - what the API server's audit log will know the question by; default: a new one.
 */
export async function reviewBearer(
  cluster: ClusterConnection,
  bearer: string,
  now: EpochSeconds,
  auditId: string = randomUUID(),
): Promise<Result<Person>> {
  const ask = (path: string, body: object): Promise<Answer> => askCluster(cluster, { bearer, path, body, auditId });
  const review = await ask(REVIEW_PATH, REVIEW);
  if (review.ok && review.status === 404) {
    const access = await ask(ACCESS_REVIEW_PATH, ACCESS_REVIEW);
    const refusal = judgeAnswer(access, bearer, now);
    // The cluster has verified this bearer and has no words for whom; the bearer's own are what it verified.
    return refusal === null ? accept(personFromClaims(readClaimsWithoutVerifying(bearer))) : refuse(refusal);
  }
  const refusal = judgeAnswer(review, bearer, now);
  return refusal === null ? personFromReview(review.ok ? review.body : undefined) : refuse(refusal);
}

interface ReviewQuestion {
  readonly bearer: string;
  readonly path: string;
  readonly body: object;
  readonly auditId: string;
}

function askCluster(cluster: ClusterConnection, { bearer, body, auditId, ...raw }: ReviewQuestion): Promise<Answer> {
  const path = parseUpstreamPath(raw.path, cluster.upstream.basePath);
  // The two paths above are plain; a base path cannot make them otherwise.
  if (path === undefined) throw new Error(`${raw.path} is not a path`);
  return cluster.ask({ method: 'POST', path, credential: new Credential(bearer), body, auditId });
}

function judgeAnswer(answer: Answer, bearer: string, now: EpochSeconds): Refusal | null {
  if (!answer.ok) return { reason: answer.failure.reason };
  if (answer.status === 201 || answer.status === 200) return null;
  if (answer.status === 401) {
    const exp = readExpiryWithoutVerifying(bearer);
    return { reason: 'token_refused', expired: exp !== null && exp <= now };
  }
  return answer.status === 403
    ? { reason: 'review_forbidden' }
    : { reason: 'cluster_answer_invalid', status: answer.status };
}
