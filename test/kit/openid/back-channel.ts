import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import { onTestFinished } from "vitest";

/** A message that a connected helpdesk has got. */
export interface Told {
	readonly path: string | undefined;
	readonly type: string | undefined;
	readonly token: string;
}

/** The part of a helpdesk that hears of log-outs (OpenID Connect Back-Channel Logout, section 2.5). */
export interface BackChannel {
	readonly uri: string;
	/** All messages, the first one first. */
	readonly told: readonly Told[];
	/** What it answers from then on. 0: nothing. */
	answer: number;
	/** The clients and the sessions that it was told about. */
	readonly sids: readonly unknown[];
}

export async function openBackChannel(): Promise<BackChannel> {
	const told: Told[] = [];
	const server = createServer((request, response) => {
		// It is asked whether it can be reached.
		if (request.method !== "POST") {
			response.writeHead(405).end();
			return;
		}
		const chunks: Buffer[] = [];
		request.on("data", (chunk: Buffer) => chunks.push(chunk));
		request.on("end", () => {
			const form = new URLSearchParams(Buffer.concat(chunks).toString());
			told.push({
				path: request.url,
				type: request.headers["content-type"],
				token: form.get("logout_token") ?? "",
			});
			if (channel.answer !== 0) {
				response.writeHead(channel.answer, { location: "/elsewhere" }).end();
			}
		});
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = server.address() as AddressInfo;
	const channel = {
		uri: `http://127.0.0.1:${port}/back-channel`,
		told,
		answer: 204,
		get sids() {
			return told.map(({ token }) => claimsIn(token)["sid"]);
		},
	};
	return channel;
}

/** Checks a logout token as section 2.6 says. @returns its claims. */
export async function checkedLogOut(
	{ token, type }: Told,
	issuer: string,
	clientId: string,
	algorithm = "ES256",
): Promise<JWTPayload> {
	if (type !== "application/x-www-form-urlencoded") {
		throw new Error(`a logout token came as ${type}`);
	}
	const keys = createRemoteJWKSet(new URL(`${issuer}/jwks`));
	const { payload } = await jwtVerify(token, keys, {
		...{ issuer, audience: clientId, algorithms: [algorithm] },
		requiredClaims: ["iat", "jti", "sub", "sid", "events"],
	});
	if ("nonce" in payload) {
		throw new Error("a logout token has a nonce");
	}
	return payload;
}

function claimsIn(token: string): JWTPayload {
	return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}
