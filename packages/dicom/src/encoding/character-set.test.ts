import { describe, expect, it } from 'vitest';
import { decodeText } from './character-set.ts';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const name = (text: string, ...sets: string[]): string => decodeText(bytes(text), sets, '\\^=');

/** The examples of PS3.5, annexes H, I and J, byte by byte. */
describe("the standard's examples of names", () => {
  it('has Japanese with JIS X 0208', () => {
    const raw = 'Yamada^Tarou=\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B=\x1b$B$d$^$@\x1b(B^\x1b$B$?$m$&\x1b(B';
    expect(name(raw, '', 'ISO 2022 IR 87')).toBe('Yamada^Tarou=山田^太郎=やまだ^たろう');
  });

  it('has Japanese with half-width katakana as the first set', () => {
    const raw = '\xd4\xcf\xc0\xde^\xc0\xdb\xb3=\x1b$B;3ED\x1b(J^\x1b$BB@O:\x1b(J=\x1b$B$d$^$@\x1b(J^\x1b$B$?$m$&\x1b(J';
    expect(name(raw, 'ISO 2022 IR 13', 'ISO 2022 IR 87')).toBe('ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう');
  });

  it('has Korean', () => {
    const raw = 'Hong^Gildong=\x1b$)C\xfb\xf3^\x1b$)C\xd1\xce\xd4\xd7=\x1b$)C\xc8\xab^\x1b$)C\xb1\xe6\xb5\xbf';
    expect(name(raw, '', 'ISO 2022 IR 149')).toBe('Hong^Gildong=洪^吉洞=홍^길동');
  });

  it('has Chinese in GB18030 and UTF-8', () => {
    expect(name('Wang^XiaoDong=\xcd\xf5^\xd0\xa1\xb6\xab=', 'GB18030')).toBe('Wang^XiaoDong=王^小东=');
    expect(name('Wang^XiaoDong=\xe7\x8e\x8b^\xe5\xb0\x8f\xe6\x9d\xb1=', 'ISO_IR 192')).toBe('Wang^XiaoDong=王^小東=');
  });
});

it.each([
  ['ISO_IR 100', 'Buc^J\xe9r\xf4me', 'Buc^Jérôme'],
  ['ISO_IR 101', 'Wa\xb3\xeasa', 'Wałęsa'],
  ['ISO_IR 126', '\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', 'Διονυσιος'],
  ['ISO_IR 127', '\xe2\xc8\xc7\xe6\xea', '\u0642\u0628\u0627\u0646\u064a'],
  ['ISO_IR 138', '\xf9\xf8\xe5\xef', 'שרון'],
  ['ISO_IR 144', '\xbb\xee\xda\xe1', 'Люкс'],
  ['ISO_IR 148', '\xc7avu\xfeo\xf0lu', 'Çavuşoğlu'],
  ['ISO_IR 166', '\xca\xc1\xaa\xd2\xc2', 'สมชาย'],
  ['ISO_IR 203', '\xbduvre \xa4', 'œuvre €'],
])('%s', (set, raw, text) => {
  expect(name(raw, set)).toBe(text);
});

it('switches sets of one byte, back at each delimiter', () => {
  expect(name('Dionysios is \x1b-F\xc4\xe9\xef\xed\xf5\xf3\xe9\xef\xf2', '', 'ISO 2022 IR 126')).toBe(
    'Dionysios is Διονυσιος',
  );
  // After the delimiter the first set is Latin 1 again.
  expect(name('\x1b-L\xbb\xee^\xe9', 'ISO 2022 IR 100', 'ISO 2022 IR 144')).toBe('Лю^é');
});

it('leaves a backslash within two bytes of GB18030 alone', () => {
  // 0x81 0x5c is the one character U+4E57 in GBK's table.
  expect(decodeText(Uint8Array.of(0x81, 0x5c), ['GB18030'])).toBe('\u4e57');
});

it('takes ASCII for ASCII in sets that it does not know', () => {
  expect(name('Doe^John', 'ISO_IR 999')).toBe('Doe^John');
  expect(name('Doe^John')).toBe('Doe^John');
});
