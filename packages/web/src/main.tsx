import './styles/tokens.css';
import './styles/base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { applyTheme } from './shell/theme.js';

applyTheme();
createRoot(document.getElementById('page')!).render(<App />);
