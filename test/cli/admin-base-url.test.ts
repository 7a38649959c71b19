// The address of the administration on the command line: what is refused, and what a start warns of.
import { expect, test } from "vitest";
import { CommandError } from "../../src/cli/command-error.ts";
import { readStartOptions } from "../../src/cli/helpdesk/start-options.ts";
import { requestAt } from "../kit/helpdesk/request-at.ts";
import {
	endHelpdesk,
	newDataFolder,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const BRANDS = ["--fake-x", "--brand", "help=Help,https://help.example.com"];
const OTHERS = ["--brand", "music=Music,https://music.example.com"];

const addressOf = (value: string, ...flags: readonly string[]): string | undefined =>
	readStartOptions([...(flags.length > 0 ? flags : BRANDS), "--admin-base-url", value])
		.adminBaseUrl;

test.each([
	["https://admin.example.com", "https://admin.example.com"],
	["HTTPS://Admin.example.com:443/", "https://admin.example.com"],
	["https://help.example.com:8443", "https://help.example.com:8443"],
	["https://help.example.com", "https://help.example.com"],
	["http://localhost:8080", "http://localhost:8080"],
])("%s is the address %s", (typed, origin) => {
	expect(addressOf(typed)).toBe(origin);
});

test.each([
	["http://admin.example.com", "plain http only on loopback"],
	["https://admin.example.com/admin", "leave out the path"],
	["https://user:canary@admin.example.com", "leave out the user name and the password"],
	["https://admin.example.com?a=b", "leave out the query"],
	["https://admin.example.com.", "leave out the dot"],
	["admin.example.com", "is not an origin"],
	["https://admin.example.com:6000", "browsers open no page there; give another port"],
	["https://music.example.com", "is the address of the brand music"],
	["http://127.0.0.1:8080", "http://localhost:8080 for a tunnel to this machine"],
	["http://127.0.0.1:8081", "is where the brand music listens"],
])("%s is refused, and the sentence says why", (typed, sentence) => {
	const refused = () => addressOf(typed, ...BRANDS, ...OTHERS);
	expect(refused).toThrow(CommandError);
	expect(refused).toThrow(sentence);
	expect(refused).toThrow("--admin-base-url");
	expect(refused).not.toThrow("canary");
});

test("sample brands on loopback are beside the administration unless it has another name for the machine", () => {
	expect(addressOf("http://127.0.0.1:8080", "--port", "8080")).toBe("http://127.0.0.1:8080");
	expect(addressOf("http://localhost:8080", "--port", "8080")).toBe("http://localhost:8080");
	expect(() => addressOf("http://127.0.0.1:8081", "--port", "8080")).toThrow("the brand harbor");
});

test("a start warns of an administration beside a public portal, and of one that moved, with the line to run", async () => {
	const data = await newDataFolder();
	const startedAt = async (...flags: readonly string[]) => {
		const helpdesk = await startHelpdeskProcess(data, [...BRANDS, ...flags]);
		const { ready } = helpdesk;
		await endHelpdesk(helpdesk);
		return { admin: ready.admin, printed: helpdesk.printed() };
	};

	const beside = await startedAt();
	expect(beside.admin).toBe("https://help.example.com/admin");
	expect(beside.printed).toContain('"name":"administration.shared-address","level":"warn"');
	expect(beside.printed).not.toContain("administration.moved");

	const apart = await startedAt("--admin-base-url", "https://admin.example.com");
	expect(apart.admin).toBe("https://admin.example.com/admin");
	expect(apart.printed).not.toContain("administration.shared-address");
	expect(apart.printed).toContain('"name":"administration.moved","level":"warn"');
	expect(apart.printed).toContain("from the host help.example.com to https://admin.example.com");
	expect(apart.printed).toContain(`operator reset EMAIL --data ${data}`);

	const again = await startedAt("--admin-base-url", "https://admin.example.com");
	expect(again.printed).not.toContain("administration.");
});

test("two host names of one machine serve the portal and the administration over plain http", async () => {
	const helpdesk = await startHelpdeskProcess(await newDataFolder(), [
		...["--admin-base-url", "http://localhost:9000"],
	]);
	const { admin, portals } = helpdesk.ready;
	const portal = portals["acorn"] ?? "";

	expect(admin).toBe("http://localhost:9000/admin");
	const seen = async (path: string, host: string) =>
		(await requestAt(portal, path, { host })).status;
	expect(await seen("/admin/login", "localhost:9000")).toBe(200);
	expect(await seen("/login", "localhost:9000")).toBe(404);
	expect(await seen("/login", new URL(portal).host)).toBe(200);
	expect(await seen("/admin/login", new URL(portal).host)).toBe(404);
});
