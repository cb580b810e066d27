/** How the page is built and served while developing; the deployed page is only the files in dist. */
import react from '@vitejs/plugin-react';
import { loadEnv } from 'vite';
import { defineConfig, type ViteUserConfig, type ViteUserConfigFnObject } from 'vitest/config';

/** The server's own routes: while developing, everything else is the page. */
const SERVER_ROUTES = [
  '/config',
  '/clusters',
  '/oidc',
  '/oidc-callback',
  '/signed-out',
  '/healthz',
  '/readyz',
] as const;

const config: ViteUserConfigFnObject = defineConfig(({ mode }): ViteUserConfig => {
  const env = loadEnv(mode, import.meta.dirname, 'LAMPLIGHTER_');
  const server = env['LAMPLIGHTER_SERVER_URL'];
  const port = env['LAMPLIGHTER_WEB_PORT'];
  return {
    // The server knows its base path when it starts, not when the page is built: it puts that before every address in index.html.
    base: './',
    plugins: [react()],
    build: {
      // Our content security policy is `default-src 'self'`: a font or picture inlined as data: would be refused.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
    },
    server: {
      host: env['LAMPLIGHTER_WEB_HOST'] ?? '127.0.0.1',
      ...(port === undefined ? {} : { port: Number(port), strictPort: true }),
      // Host stays the browser's: the server builds its redirect URI and judges same-origin writes by it.
      ...(server === undefined
        ? {}
        : {
            proxy: Object.fromEntries(
              SERVER_ROUTES.map((route) => [`^${route}(?:[/?]|$)`, { target: server, changeOrigin: false }]),
            ),
          }),
    },
    test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'], setupFiles: ['src/testing/setup.ts'] },
  };
});

export default config;
