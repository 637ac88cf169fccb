import { expect, it } from 'vitest';
import { html } from './html.ts';
import { page } from './page.ts';

it('escapes values in text and in attributes', () => {
  const name = `<script>"&'`;
  const escaped = '&#60;script&#62;&#34;&#38;&#39;';
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(`<p title="${escaped}">${escaped}</p>`);
});

it('keeps its own markup, joins lists and leaves out false and missing values', () => {
  const items = [1, 'two'].map((item) => html`<li>${item}</li>`);
  const nothing = html`${false}${undefined}${null}`;
  expect(nothing.markup).toBe('');
  expect(html`${items}${nothing}${0}`.markup).toBe('<li>1</li><li>two</li>0');
});

it('makes a page that cannot load anything', () => {
  const text = page('a < b', [html`<h1>x</h1>`]);
  expect(text).toMatch(/^<!doctype html>/);
  expect(text).toContain(`content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"`);
  expect(text).toContain('<title>a &#60; b</title>');
  expect(text).not.toMatch(/https?:|@import|url\(/);
});
