import { expect, test } from 'vitest';
import { BODY_MAX_BYTES } from '../constants.ts';
import { readFormBody, readJsonBody } from './body.ts';

const post = (type: string | null, body: string): Request =>
  new Request('http://lamplighter.invalid', {
    method: 'POST',
    body: Buffer.from(body),
    headers: type === null ? {} : { 'content-type': type },
  });

test('a form is read, each value it holds of a name', async () => {
  const form = await readFormBody(post('application/x-www-form-urlencoded; charset=utf-8', 'a=1&b=%2B+&a=2'));
  expect(form.ok && [...form.value]).toEqual([
    ['a', '1'],
    ['b', '+ '],
    ['a', '2'],
  ]);
});

test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', '', null])(
  'a body of type %j is no form',
  async (type) => {
    expect(await readFormBody(post(type, 'a=1'))).toEqual({ ok: false, refusal: { reason: 'content_type_refused' } });
  },
);

test('a body at the limit is read, one byte more is not', async () => {
  const json = 'application/json';
  const atLimit = JSON.stringify('x'.repeat(BODY_MAX_BYTES - 2));
  expect((await readJsonBody(post(json, atLimit))).ok).toBe(true);
  expect(await readJsonBody(post(json, `${atLimit} `))).toMatchObject({ refusal: { reason: 'body_too_large' } });
  expect(await readFormBody(post('application/x-www-form-urlencoded', `${atLimit} `))).toMatchObject({
    refusal: { reason: 'body_too_large' },
  });
});
