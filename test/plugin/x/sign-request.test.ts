import { expect, test } from "vitest";
import { secret } from "../../../src/contract/secret.ts";
import { signRequest } from "../../../src/plugin/x/sign-request.ts";
import vectors from "../../fixtures/oauth1-vectors.json" with { type: "json" };

type Vector = (typeof vectors.signatures)[number];

const names = (pairs: readonly (readonly string[])[]): string[] =>
	pairs.map(([name]) => String(name));

function inQueryAndBody({ query_params, body_params }: Vector): boolean {
	return names(body_params).some((name) => names(query_params).includes(name));
}

function valuesByName(pairs: readonly (readonly string[])[]): Record<string, string[]> {
	const values: Record<string, string[]> = {};
	for (const [name = "", value = ""] of pairs) {
		values[name] = [...(values[name] ?? []), value];
	}
	return values;
}

// oauth-1.0a cannot express a request without oauth_version, or with one name in both query and body.
const expressible = vectors.signatures.filter(
	(vector) => vector.version === "1.0" && !inQueryAndBody(vector),
);

test("13 of the 17 vectors can be expressed", () => {
	expect(expressible).toHaveLength(13);
});

test("every character but the unreserved ones of RFC 3986 is encoded, in upper case", () => {
	const header = signRequest(
		{ method: "POST", url: "https://api.x.com/", protocol: { oauth_callback: "-._~ !*'()/ü+" } },
		{ consumerKey: "key", consumerSecret: secret("secret") },
		{ nonce: "nonce", timestampSeconds: 1 },
	);

	expect(header).toContain('oauth_callback="-._~%20%21%2A%27%28%29%2F%C3%BC%2B"');
});

test("a name of the body is signed and not sent in the header, whatever it is called", () => {
	const sign = (body: Record<string, string>) =>
		signRequest(
			{ method: "POST", url: "https://api.x.com/", body },
			{ consumerKey: "key", consumerSecret: secret("secret") },
			{ nonce: "nonce", timestampSeconds: 1 },
		);
	const header = sign({ oauth_verifier: "v", a: "b" });

	expect(header).not.toContain("oauth_verifier");
	expect(header).toContain("oauth_consumer_key");
	expect(header).not.toBe(sign({ oauth_verifier: "w", a: "b" }));
});

test.each(expressible.map((vector) => [vector.name, vector] as const))("signs %s", (_, vector) => {
	const url = new URL(vector.url);
	for (const [name, value] of vector.query_params) {
		url.searchParams.append(String(name), String(value));
	}

	const header = signRequest(
		{
			method: vector.method as "GET" | "POST",
			url: url.href.replaceAll("+", "%20"),
			protocol: vector.extra_oauth_params as Record<string, string>,
			body: valuesByName(vector.body_params),
		},
		{
			consumerKey: vector.consumer_key,
			consumerSecret: secret(vector.consumer_secret),
			...(vector.token && { token: vector.token, tokenSecret: secret(vector.token_secret ?? "") }),
		},
		{ nonce: vector.nonce, timestampSeconds: Number(vector.timestamp) },
	);

	expect(header).toContain(`oauth_signature="${encodeURIComponent(vector.expected_signature)}"`);
});
