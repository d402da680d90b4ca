/** True when the address is on this machine: `localhost`, 127.0.0.0/8, `::1`. Other names of it ("x.localhost", 0.0.0.0) may lead elsewhere. */
export function isThisMachine(baseUrl: string): boolean {
  try {
    const { hostname } = new URL(baseUrl);
    return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  } catch { return false; }
}
