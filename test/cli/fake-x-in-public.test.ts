// Finding 15: at the fake X everybody logs in as anybody, so it does not stand beside a public address unasked.
import { expect, test } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { isPublicAddress } from "../../src/cli/helpdesk/public-address.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";

test.each([
	"https://help.acme.com",
	"https://HELP.ACME.COM:8443",
	"https://acme.com.",
	"https://notexample.com",
	"https://example.com.evil.com",
	"https://example.co",
	"https://example.de",
	"https://testing",
	"https://localhost.acme.com",
	"https://mylocalhost",
	"https://helpdesk",
	"https://help.local",
	"https://help.internal",
	"https://exämple.com",
	"https://例え.テスト",
	"https://10.0.0.5",
	"https://192.168.1.1:8443",
	"https://128.0.0.1",
	"https://0.0.0.0",
	"https://127.0.0.1.acme.com",
	"https://[2001:db8::1]",
	"https://[::]",
	"https://[fe80::1]:8443",
])("the fake X is not beside %s unasked, which is public", (origin) => {
	expect(isPublicAddress(origin)).toBe(true);
});

test.each([
	"http://localhost:8080",
	"https://LOCALHOST",
	"https://localhost.",
	"https://acorn.localhost:8443",
	"http://127.0.0.1:8080",
	"http://127.1",
	"http://0x7f.0.0.1",
	"https://127.255.255.254",
	"http://[::1]:8080",
	"http://[0:0:0:0:0:0:0:1]",
	"https://help.test",
	"https://test",
	"https://acorn.helpdesk.example:8443",
	"https://a.invalid",
	"https://example.com",
	"https://help.EXAMPLE.com.",
	"https://a.b.example.net",
	"https://ｅｘａｍｐｌｅ.org",
	"https://пример.example",
])("the fake X may be beside %s, where nobody from outside comes", (origin) => {
	expect(isPublicAddress(origin)).toBe(false);
});

const PUBLIC = ["--port", "0", "--base-url", "acorn=https://help.acme.com"];

/** The lines that a refusal tells to run instead, as arguments of the command. */
function linesIn({ message }: CommandError): string[][] {
	return [...message.matchAll(/^ {2}node dist\/cli\.mjs start (.*)$/gm)].map(([, line = ""]) =>
		line.split(" "),
	);
}

test("the fake X beside a public address is refused, and each line that the refusal shows works", () => {
	let refusal: unknown;
	try {
		readStartOptions(PUBLIC, { command: "start", env: {}, readText: () => "" });
	} catch (error) {
		refusal = error;
	}

	expect(refusal).toBeInstanceOf(CommandError);
	const lines = linesIn(refusal as CommandError);
	expect(lines).toEqual([
		[...PUBLIC, "--x-base-url", "https://api.x.com"],
		[...PUBLIC, "--fake-x"],
	]);
	for (const line of lines) {
		expect(() => readStartOptions(line)).not.toThrow();
	}
});

test.each([
	"http://localhost:9999",
	"http://127.0.0.1:9999",
	"http://127.1:9999",
	"https://localhost:9999",
	"https://x.test",
])(
	"an X at %s beside a public address is somebody's fake X, and is refused unless --fake-x asks for it",
	(x) => {
		const args = [...PUBLIC, "--x-base-url", x];
		const origin = new URL(x).origin;
		let refusal: unknown;
		try {
			readStartOptions(args, { command: "start", env: {}, readText: () => "" });
		} catch (error) {
			refusal = error;
		}

		expect(refusal).toBeInstanceOf(CommandError);
		expect(String(refusal)).toContain(`the X at ${origin} is a fake one`);
		const [real = [], fake = []] = linesIn(refusal as CommandError);
		expect(readStartOptions(real).xBaseUrl).toBe("https://api.x.com");
		expect(readStartOptions(fake).xBaseUrl).toBe(origin);
		const local = ["--base-url", "acorn=https://help.test", "--x-base-url", x];
		expect(readStartOptions(local).xBaseUrl).toBe(origin);
	},
);

test("a public address among several is enough, and the fake X and an X at once are too much", () => {
	const local = ["--base-url", "harbor=http://127.0.0.1:9000"];

	expect(() => readStartOptions(local)).not.toThrow();
	expect(() => readStartOptions([...local, ...PUBLIC])).toThrow("https://help.acme.com");
	expect(() => readStartOptions(["--fake-x", "--x-base-url", "https://api.x.com"])).toThrow(
		"--fake-x and --x-base-url are both given",
	);
});
