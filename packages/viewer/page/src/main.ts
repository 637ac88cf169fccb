import './style/page.css';
import { config } from 'zod';
import { startApp } from './app.ts';

// The content security policy forbids to make functions of text, which zod would try.
config({ jitless: true });
void startApp(document.body);
