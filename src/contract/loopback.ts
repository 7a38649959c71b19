/**
 * Whether a host name means this machine, so that no network lies between: `localhost`, 127.0.0.0/8 or ::1.
 *
 * @param hostname as `URL.hostname` has it for an http address: in lower case, IPv6 addresses in brackets.
 */
export function isLoopback(hostname: string): boolean {
	return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])\.?$/.test(hostname);
}
