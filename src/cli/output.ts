/** Writes to standard output and waits until it is taken: a pipe may be slow. */
export function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => process.stdout.write(text, error => { if (error) { reject(error); } else { resolve(); } }));
}
