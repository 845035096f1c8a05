import { CliError } from "../errors.ts";

/** Headers and contents of a tar archive come in blocks of this many bytes. */
export const blockSize = 512;

/** A member of a backup: always a regular file of root's. */
export interface TarMember {
  name: string;
  size: number;
}

/** Where the fields of a header lie: POSIX.1-2017, pax, "ustar Interchange Format". */
const at = { mode: 100, owner: 108, group: 116, size: 124, time: 136, sum: 148, type: 156, magic: 257 };
const nameLength = 100;
const sumLength = 8;
/** The largest size in eleven octal digits; above it GNU tar's base-256 form is used. */
const largestOctal = 0o77777777777;

/** The header of a regular file, mode 0600, as every tar reads it. */
export function encodeHeader({ name, size }: TarMember, time: Date): Buffer {
  if (Buffer.byteLength(name) > nameLength) throw new Error(`the name ${name} is too long for a tar header`);
  const block = Buffer.alloc(blockSize);
  block.write(name, 0);
  block.write("0000600\0", at.mode);
  block.write("0000000\0", at.owner);
  block.write("0000000\0", at.group);
  if (size <= largestOctal) block.write(`${octal(size, 11)}\0`, at.size);
  else writeBase256(block, size);
  block.write(`${octal(Math.floor(time.getTime() / 1000), 11)}\0`, at.time);
  block.write("0", at.type);
  block.write("ustar\x0000", at.magic);
  block.write(`${octal(sumOf(block), 6)}\0 `, at.sum);
  return block;
}

/** Reads a header; null for the block of zeros that ends an archive. Throws a CliError for all that backups don't hold. */
export function decodeHeader(block: Buffer): TarMember | null {
  if (block.every((byte) => byte === 0)) return null;
  if (Number.parseInt(block.toString("latin1", at.sum, at.sum + 6), 8) !== sumOf(block)) {
    throw notOurs("a header's checksum does not fit");
  }
  const name = block.toString("utf8", 0, nameLength).replace(/\0.*$/s, "");
  const type = block.toString("latin1", at.type, at.type + 1);
  if (type !== "0") throw notOurs(`${JSON.stringify(name)} is no regular file (type ${JSON.stringify(type)})`);
  return { name, size: readSize(block) };
}

/** The error for a file that is no backup, or one that somebody has changed. */
export function notOurs(why: string): CliError {
  return new CliError(`This is no backup of MiniRun, or it is damaged: ${why}.`, {
    remedy: "Take another copy of it. Nothing was changed.",
  });
}

const octal = (value: number, digits: number) => value.toString(8).padStart(digits, "0");

function writeBase256(block: Buffer, size: number): void {
  block[at.size] = 0x80;
  block.writeBigUInt64BE(BigInt(size), at.size + 4);
}

function readSize(block: Buffer): number {
  const size =
    block[at.size] === 0x80
      ? Number(block.readBigUInt64BE(at.size + 4))
      : Number.parseInt(block.toString("latin1", at.size, at.size + 11), 8);
  if (!Number.isSafeInteger(size) || size < 0) throw notOurs("a header has no size");
  return size;
}

/** The sum of a header's bytes, its own field taken as spaces. */
function sumOf(block: Buffer): number {
  let sum = 0;
  for (const [index, byte] of block.entries()) sum += index >= at.sum && index < at.sum + sumLength ? 0x20 : byte;
  return sum;
}
