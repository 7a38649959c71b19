import { expect, onTestFinished, test } from "vitest";
import { startFakeX } from "../../../src/testing/fake-x/fake-x.ts";

const SERVER = "/.well-known/oauth-authorization-server";
const RESOURCE = "/.well-known/oauth-protected-resource";

async function open(publicUrl?: string) {
	const options = publicUrl === undefined ? {} : { publicUrl };
	const x = await startFakeX({ apps: [], accounts: [], ...options });
	onTestFinished(() => x.close());
	return async (path: string) =>
		(await fetch(`${x.url}${path}`)).json() as Promise<Record<string, unknown>>;
}

test("the metadata of the authorization server has X's values at the public address", async () => {
	const metadata = await (await open("https://api.x.com"))(SERVER);

	expect(metadata).toEqual({
		issuer: "https://api.x.com",
		authorization_endpoint: "https://api.x.com/i/oauth2/authorize",
		token_endpoint: "https://api.x.com/2/oauth2/token",
		response_types_supported: ["code"],
		grant_types_supported: ["authorization_code", "refresh_token"],
		code_challenge_methods_supported: ["S256"],
		token_endpoint_auth_methods_supported: ["none", "client_secret_basic"],
		scopes_supported: expect.arrayContaining(["users.read", "tweet.read", "offline.access"]),
	});
	expect(metadata["scopes_supported"]).not.toContain("users.email");
});

test("the metadata of the protected resource has X's values at the public address", async () => {
	const metadata = await (await open("https://api.x.com"))(RESOURCE);

	expect(metadata).toMatchObject({
		resource: "https://api.x.com/mcp",
		authorization_servers: ["https://api.x.com"],
		bearer_methods_supported: ["header"],
	});
	expect(metadata["scopes_supported"]).not.toContain("users.email");
});

test("without a public address, the metadata names the address that was called", async () => {
	const x = await startFakeX({ apps: [], accounts: [] });
	onTestFinished(() => x.close());
	for (const url of [x.url, x.url.replace("localhost", "127.0.0.1")]) {
		const metadata = (await (await fetch(`${url}${SERVER}`)).json()) as Record<string, unknown>;
		expect(metadata).toMatchObject({ issuer: url, token_endpoint: `${url}/2/oauth2/token` });
	}
});

test("there is no OpenID discovery, as at X", async () => {
	const x = await startFakeX({ apps: [], accounts: [] });
	onTestFinished(() => x.close());

	expect((await fetch(`${x.url}/.well-known/openid-configuration`)).status).toBe(404);
});
