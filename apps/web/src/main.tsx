/** Starts the page in a browser. */
import '@fontsource-variable/ibm-plex-sans/wght.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/sign-in.css';
import './theme/cluster.css';
import './theme/sessions.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { browserEdges, EdgesProvider } from './edges.tsx';
import { readBasePath } from './navigation/base-path.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with the id root');
createRoot(root).render(
  <StrictMode>
    <EdgesProvider edges={browserEdges(readBasePath(document))}>
      <App />
    </EdgesProvider>
  </StrictMode>,
);
