/** Takes a token, hands it to the server and forgets it: it lives in the field and in one request, nowhere else. */
import type { SetTokenRequest } from '@lamplighter/server/wire';
import { type ReactElement, type SubmitEvent, useRef, useState } from 'react';
import { ask } from '../api/ask.ts';
import { useEdges } from '../edges.tsx';
import { explainRefusal, NO_TOKEN, type Problem } from './problem.ts';

interface Props {
  readonly cluster: string;
  readonly onSignedIn: () => void;
}

export function TokenForm({ cluster, onSignedIn }: Props): ReactElement {
  const { fetch } = useEdges();
  // The field is never React state: state outlives the submit and shows in developer tools.
  const field = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  function takeToken(): string {
    const token = field.current?.value.trim() ?? '';
    if (field.current !== null) field.current.value = '';
    return token;
  }

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const token = takeToken();
    if (token === '') return refuse(NO_TOKEN);
    setBusy(true);
    setProblem(null);
    try {
      const post: SetTokenRequest = { token };
      await ask({ fetch, path: `/clusters/${encodeURIComponent(cluster)}/set-token`, post });
    } catch (error) {
      setBusy(false);
      return refuse(explainRefusal(error));
    }
    onSignedIn();
  }

  function refuse(why: Problem): void {
    setProblem(why);
    field.current?.focus();
  }

  return (
    <form className="stack" onSubmit={(event) => void submit(event)} noValidate>
      {problem !== null && (
        <div role="alert" className="notice bad" id="token-problem">
          <p>{problem.sentence}</p>
          {problem.detail !== null && <p className="fine">{problem.detail}</p>}
        </div>
      )}
      <div className="field">
        <label htmlFor="token">Token</label>
        <input
          ref={field}
          id="token"
          type="password"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : 'token-problem'}
        />
      </div>
      <button type="submit" className="button strong" disabled={busy}>
        {busy ? 'Signing in…' : 'Sign in'}
      </button>
    </form>
  );
}
