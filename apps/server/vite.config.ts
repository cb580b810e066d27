/** Bundles the server into one file that runs wherever Node does, without any installed package. */
import { defineConfig, type UserConfig } from 'vite';

const config: UserConfig = defineConfig({
  build: {
    target: 'node24',
    rollupOptions: { output: { banner: '#!/usr/bin/env node', entryFileNames: 'main.js', codeSplitting: false } },
    // A stack trace of a deployed server should be readable.
    minify: false,
  },
  ssr: { noExternal: true, target: 'node' },
});

export default config;
