import { describe, expect, it } from "vitest";
import {
	baseUri,
	hmacSha1Signature,
	normalizeParameters,
	type Parameter,
	parseAuthorizationHeader,
	parseForm,
	percentDecode,
	percentEncode,
	signatureBaseString,
} from "../../../src/testing/fake-x/oauth1-signature.ts";
import vectors from "../../fixtures/oauth1-vectors.json" with { type: "json" };

type Signature = (typeof vectors.signatures)[number];

function allParameters(vector: Signature): Parameter[] {
	return [
		...pairs(vector.query_params),
		...pairs(vector.body_params),
		...Object.entries(vector.extra_oauth_params),
		["oauth_consumer_key", vector.consumer_key],
		["oauth_nonce", vector.nonce],
		["oauth_signature_method", vector.signature_method],
		["oauth_timestamp", vector.timestamp],
		...(vector.token === null ? [] : [["oauth_token", vector.token] as const]),
		...(vector.version === null ? [] : [["oauth_version", vector.version] as const]),
	];
}

function pairs(lists: readonly (readonly string[])[]): Parameter[] {
	return lists.map(([name = "", value = ""]) => [name, value]);
}

describe("the OAuth 1.0a arithmetic of the fake X", () => {
	it("reads all 17 signature vectors", () => {
		expect(vectors.signatures).toHaveLength(17);
	});

	it.each(vectors.signatures)("signs the vector $name", (vector) => {
		const baseString = signatureBaseString(vector.method, vector.url, allParameters(vector));
		expect(baseString).toBe(vector.expected_base_string);
		const signature = hmacSha1Signature(baseString, vector.consumer_secret, vector.token_secret);
		expect(signature).toBe(vector.expected_signature);
		expect(percentEncode(signature)).toBe(vector.expected_signature_percent_encoded);
	});

	it.each(vectors.raw_hmac.filter(({ algorithm }) => algorithm === "HMAC-SHA1"))(
		"makes the key of $name",
		(vector) => {
			const { base_string, consumer_secret, token_secret, expected_signature } = vector;
			expect(hmacSha1Signature(base_string, consumer_secret, token_secret)).toBe(
				expected_signature,
			);
		},
	);

	it("leaves realm and signature out of the base string", () => {
		const signed: Parameter[] = [["a", "b"]];
		const withBoth: Parameter[] = [["realm", "r"], ...signed, ["oauth_signature", "s"]];
		const url = "https://api.x.com/oauth/request_token";
		expect(signatureBaseString("POST", url, withBoth)).toBe(
			signatureBaseString("POST", url, signed),
		);
	});

	it.each(vectors.percent_encoding)("encodes $input as $expected and back", (vector) => {
		expect(percentEncode(vector.input)).toBe(vector.expected);
		expect(percentDecode(vector.expected)).toBe(vector.input);
	});

	it("keeps a broken escape as it is", () => {
		expect(percentDecode("100%&%zz%4")).toBe("100%&%zz%4");
	});

	it.each(vectors.parameter_normalization)("normalizes to $expected", (vector) => {
		expect(normalizeParameters(pairs(vector.params))).toBe(vector.expected);
	});

	it.each(vectors.base_uri)("takes the base URI of $url", (vector) => {
		expect(baseUri(vector.url)).toBe(vector.expected_base_uri);
	});

	it.each(vectors.form_parsing)("parses the form $raw", (vector) => {
		expect(parseForm(vector.raw)).toEqual(vector.expected);
	});

	it.each(vectors.authorization_header_parsing)("parses the header $name", (vector) => {
		const parsed = parseAuthorizationHeader(vector.header);
		expect(Object.fromEntries(parsed ?? [])).toEqual(vector.expected);
	});

	it.each(["", "Bearer abc", 'OAuth a="b" c="d"', "OAuth a=b", 'OAuth a="b'])(
		"finds no parameters in the header %j",
		(header) => {
			expect(parseAuthorizationHeader(header)).toBeUndefined();
		},
	);
});
