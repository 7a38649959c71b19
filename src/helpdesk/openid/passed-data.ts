import type { UserClaims } from "./claims.ts";

/** What a request of a connected helpdesk passes on about its user. */
export interface PassedData {
	/** The names of the claims. */
	readonly claims: readonly string[];
	/** The hosts that get them: that of the helpdesk's address, and that of the answer if it is another one. */
	readonly hosts: readonly string[];
}

export function passedData(claims: UserClaims, hosts: readonly string[]): PassedData {
	return { claims: Object.keys(claims), hosts };
}

/** The claims that a user has agreed to, by the host that gets them. */
export type AgreedData = Readonly<Record<string, readonly string[]>>;

/** What a user has not agreed to yet. Data that has another value by now was agreed to. */
export function newData(agreed: AgreedData, { claims, hosts }: PassedData): PassedData {
	const known = hosts.filter((host) => Object.hasOwn(agreed, host));
	const isNew = (claim: string) => known.some((host) => !agreed[host]?.includes(claim));
	return {
		claims: claims.filter(isNew),
		hosts: hosts.filter((host) => !known.includes(host)),
	};
}

/** Whether a user has agreed to all of it. */
export function isAgreed(agreed: AgreedData, passed: PassedData): boolean {
	const { claims, hosts } = newData(agreed, passed);
	return claims.length === 0 && hosts.length === 0;
}

/** What a user has agreed to, with what they agree to now. */
export function withAgreed(agreed: AgreedData, { claims, hosts }: PassedData): AgreedData {
	const added = hosts.map((host) => [host, [...new Set([...(agreed[host] ?? []), ...claims])]]);
	return { ...agreed, ...Object.fromEntries(added) };
}

/** A text that is another one if anything else is passed on. */
export function textOf({ claims, hosts }: PassedData): string {
	return [...hosts, ...claims].join(" ");
}
