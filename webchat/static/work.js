// The work that a page does before a chat begins, where the operator asks for some: see work.py.

const AT_ONCE = 64; // hashes between two looks at the page: leaving must never wait for this

/** Finds a number for which SHA-256 of "challenge:number" begins with so many zero bits. */
export async function solve({ challenge, bits }) {
  for (let first = 0; ; first += AT_ONCE) {
    const tries = Array.from({ length: AT_ONCE }, (_, more) => `${challenge}:${first + more}`);
    const found = await Promise.all(tries.map((each) => begins(each, bits)));
    const solved = found.indexOf(true);
    if (solved >= 0) return tries[solved];
  }
}

async function begins(text, bits) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Math.clz32(new DataView(hash).getUint32(0)) >= bits; // at most 24 are ever asked for
}
