/**
 * Texts of DICOM files. Each character set is one of a single part (`ISO_IR 100`), or has code extensions (`ISO 2022 IR
 * 87`): then escape sequences switch between sets within a text (PS3.5, section 6.1.2, PS3.3, section C.12.1.1.2).
 */

/** How bytes of a set become text. */
type Decoder = (bytes: Uint8Array) => string;

const labelled = (label: string): Decoder => {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  return (bytes) => (decoder ??= new TextDecoder(label)).decode(bytes);
};
/** ISO 8859-1: each byte is the character of its number, unlike in the web's encoding of that name. */
const latin1: Decoder = (bytes) => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
/** JIS X 0201, of which Shift JIS is an extension. */
const jis201 = labelled('shift_jis');
const eucJapanese = labelled('euc-jp');
/** Sets of 94 × 94 characters come with 7 bits for each byte, where EUC has the eighth set. */
const highBits = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte | 0x80);
const jis208: Decoder = (bytes) => eucJapanese(highBits(bytes));
const jis212: Decoder = (bytes) => {
  const marked: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) marked.push(0x8f, bytes[i]! | 0x80, bytes[i + 1]! | 0x80);
  return eucJapanese(Uint8Array.from(marked));
};

/** By the number of `ISO_IR n` or `ISO 2022 IR n`. */
const byNumber: Readonly<Record<string, Decoder>> = {
  '6': latin1,
  '13': jis201,
  '100': latin1,
  '101': labelled('iso-8859-2'),
  '109': labelled('iso-8859-3'),
  '110': labelled('iso-8859-4'),
  '126': labelled('iso-8859-7'),
  '127': labelled('iso-8859-6'),
  '138': labelled('iso-8859-8'),
  '144': labelled('iso-8859-5'),
  '148': labelled('windows-1254'),
  '149': labelled('euc-kr'),
  '166': labelled('windows-874'),
  '192': labelled('utf-8'),
  '203': labelled('iso-8859-15'),
  '58': labelled('gbk'),
};
const byName: Readonly<Record<string, Decoder>> = { GB18030: labelled('gb18030'), GBK: labelled('gbk') };

/** What an escape sequence (without its ESC) switches to, for the lower (G0) or the upper (G1) half of the codes. */
const escapes: Readonly<Record<string, { half: 'G0' | 'G1'; decode: Decoder }>> = {
  '(B': { half: 'G0', decode: latin1 },
  '(J': { half: 'G0', decode: jis201 },
  ')I': { half: 'G1', decode: jis201 },
  $B: { half: 'G0', decode: jis208 },
  '$(D': { half: 'G0', decode: jis212 },
  '$)C': { half: 'G1', decode: byNumber['149']! },
  '$)A': { half: 'G1', decode: byNumber['58']! },
  '-A': { half: 'G1', decode: latin1 },
  '-B': { half: 'G1', decode: byNumber['101']! },
  '-C': { half: 'G1', decode: byNumber['109']! },
  '-D': { half: 'G1', decode: byNumber['110']! },
  '-F': { half: 'G1', decode: byNumber['126']! },
  '-G': { half: 'G1', decode: byNumber['127']! },
  '-H': { half: 'G1', decode: byNumber['138']! },
  '-L': { half: 'G1', decode: byNumber['144']! },
  '-M': { half: 'G1', decode: byNumber['148']! },
  '-T': { half: 'G1', decode: byNumber['166']! },
  '-b': { half: 'G1', decode: byNumber['203']! },
};
const escape = 0x1b;

/**
 * Decodes the bytes of a text value.
 *
 * @param characterSets the values of `SpecificCharacterSet`; none means ASCII. Bytes of sets that are not known are
 * taken for Latin 1, so that ASCII stays what it is.
 * @param delimiters characters after which the first set applies again: also `^` and `=` in names of persons
 */
export function decodeText(bytes: Uint8Array, characterSets: readonly string[], delimiters = '\\\r\n\f\t'): string {
  const [first = ''] = characterSets;
  const initial = byName[first] ?? byNumber[/(\d+)$/.exec(first)?.[1] ?? '6'] ?? latin1;
  // Without code extensions no byte means ESC; a set with two bytes a character may hold any of the delimiters.
  if (!bytes.includes(escape)) return initial(bytes);
  let text = '';
  let [G0, G1] = [initial, initial];
  for (let position = 0; position < bytes.length;) {
    const switched = bytes[position] === escape ? escapeAt(bytes, position + 1) : undefined;
    if (switched) {
      const { half, decode } = escapes[switched]!;
      if (half === 'G0') G0 = decode;
      else G1 = decode;
      position += 1 + switched.length;
      continue;
    }
    const isTwoBytes = G0 === jis208 || G0 === jis212;
    if (!isTwoBytes && delimiters.includes(String.fromCharCode(bytes[position]!))) {
      text += String.fromCharCode(bytes[position]!);
      [G0, G1] = [initial, initial];
      position++;
      continue;
    }
    const isUpper = bytes[position]! >= 0x80;
    let end = position + 1;
    while (end < bytes.length && bytes[end] !== escape && bytes[end]! >= 0x80 === isUpper) {
      if (!isUpper && !isTwoBytes && delimiters.includes(String.fromCharCode(bytes[end]!))) break;
      end++;
    }
    text += (isUpper ? G1 : G0)(bytes.subarray(position, end));
    position = end;
  }
  return text;
}

function escapeAt(bytes: Uint8Array, position: number): string | undefined {
  for (const length of [2, 3]) {
    const sequence = String.fromCharCode(...bytes.subarray(position, position + length));
    if (Object.hasOwn(escapes, sequence)) return sequence;
  }
  return undefined;
}
