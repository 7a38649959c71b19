import { createPublicKey, type JsonWebKey, verify } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import type { HttpVisitor, Seen } from "../helpdesk/http-visitor.ts";
import { newDataFolder } from "../helpdesk/start-helpdesk.ts";
import { REDIRECT_URI } from "../openid/connect-helpdesk.ts";
import { type BegunLogIn, RelyingParty } from "../openid/relying-party.ts";
import { type Cluster, logIn, type Node, openCluster, people } from "./cluster.ts";

const CLIENT = { clientId: "desk", clientSecret: "s".repeat(43) };

export interface OpenIdCluster extends Cluster {
	readonly party: RelyingParty;
}

/** Two nodes with one connected helpdesk. */
export async function openIdCluster(storageUrl: string): Promise<OpenIdCluster> {
	const file = join(await newDataFolder(), "helpdesks.json");
	const desk = {
		...{ brand: "acorn", id: CLIENT.clientId, preset: "another", name: "Acorn Desk" },
		...{ address: "https://desk.example.org", redirectUris: [REDIRECT_URI] },
		secret: CLIENT.clientSecret,
	};
	await writeFile(file, JSON.stringify([desk]));
	const flags = ["--connected-helpdesks-file", file];
	const cluster = await openCluster(storageUrl, people(2), flags);
	const issuer = `${cluster.nodes[0].url}/oidc`;
	return { ...cluster, party: await RelyingParty.at(issuer, CLIENT, undefined, "RS256") };
}

/** Opens an address of the helpdesk at a node, and goes on there. */
export async function openAt(visitor: HttpVisitor, url: string, node: Node): Promise<Seen> {
	const { pathname, search } = new URL(url);
	return visitor.open(`${node.url}${pathname}${search}`);
}

/** Goes to the helpdesk at a node, and agrees when asked. @returns the address at the helpdesk, with the code. */
export async function arriveAt(visitor: HttpVisitor, url: string, node: Node): Promise<string> {
	let seen = await openAt(visitor, url, node);
	while (!seen.url.startsWith(REDIRECT_URI)) {
		const { pathname } = new URL(seen.url);
		// Another node is another site, to which the visitor does not follow a redirect.
		seen = pathname.startsWith("/connect/")
			? await visitor.submit(pathname, { answer: "go" })
			: await openAt(visitor, seen.url, node);
	}
	expect(seen.url).toContain(`${REDIRECT_URI}?code=`);
	return seen.url;
}

/** Logs a person in with X at one node. */
export function logInAt(visitor: HttpVisitor, node: Node, index = 0): Promise<Seen> {
	return logIn(visitor, people(2)[index]?.id ?? "", node);
}

export interface Redeemed {
	readonly status: number;
	readonly error?: string;
	readonly access_token?: string;
	readonly id_token?: string;
}

/** Redeems a code at a node. */
export async function redeemAt(node: Node, answer: string, begun: BegunLogIn): Promise<Redeemed> {
	const { clientId, clientSecret } = CLIENT;
	const sent = await fetch(`${node.url}/oidc/token`, {
		method: "POST",
		headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
		body: new URLSearchParams({
			grant_type: "authorization_code",
			code: new URL(answer).searchParams.get("code") ?? "",
			redirect_uri: REDIRECT_URI,
			code_verifier: begun.verifier,
		}),
	});
	return { status: sent.status, ...((await sent.json()) as object) };
}

export async function userInfoAt(node: Node, token = ""): Promise<number> {
	const authorization = `Bearer ${token}`;
	return (await fetch(`${node.url}/oidc/me`, { headers: { authorization } })).status;
}

/** The user of an ID token, which the keys that a site publishes verify. */
export async function subVerifiedBy(site: string, idToken = ""): Promise<unknown> {
	const [head = "", payload = "", signature = ""] = idToken.split(".");
	const { kid } = decoded(head);
	const published = await fetch(`${site}/oidc/jwks`);
	const { keys } = (await published.json()) as { keys: (JsonWebKey & { kid: string })[] };
	const key = keys.find((each) => each.kid === kid) ?? expect.fail(`${site} has no key ${kid}`);
	const data = Buffer.from(`${head}.${payload}`);
	const isRight = verify(
		"sha256",
		data,
		{ key: createPublicKey({ key, format: "jwk" }), dsaEncoding: "ieee-p1363" },
		Buffer.from(signature, "base64url"),
	);
	expect(isRight).toBe(true);
	return decoded(payload)["sub"];
}

function decoded(part: string): Record<string, unknown> {
	return JSON.parse(Buffer.from(part, "base64url").toString());
}
