import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { operatorOf } from "../kit/helpdesk/operator-of.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import {
	endHelpdesk,
	newDataFolder,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const LIST = "/admin/settings/general/connected-helpdesks";
const SECRET = "canary-0123456789012345678901234567890";

/** The ids of the keys that a brand's provider publishes, the one that signs first. */
async function keyIds(portal: string): Promise<readonly string[]> {
	const answer = (await (await fetch(`${portal}/oidc/jwks`)).json()) as {
		readonly keys: readonly { readonly kid: string }[];
	};
	return answer.keys.map(({ kid }) => kid);
}

test("helpdesks of a file are connected by the start, fixed in the administration, and gone without it", async () => {
	const data = await newDataFolder();
	const file = join(data, "helpdesks.json");
	const rt = { brand: "harbor", id: "rt", preset: "request-tracker", name: "Our RT" };
	const place = { address: "http://127.0.0.1:4", secretFile: "rt-secret" };
	await writeFile(file, JSON.stringify([{ ...rt, ...place }]));
	await writeFile(join(data, "rt-secret"), `${SECRET}\n`);
	const flags = ["--connected-helpdesks-file", file];
	const running = await startHelpdeskProcess(data, flags);
	const operator = await operatorOf(running);
	const { admin, portals } = running.ready;
	const root = admin.replace(/\/admin$/, "");

	const { html } = await operator.open(`${root}${LIST}?brand=harbor`);
	expect(html).toContain("Our RT");
	expect(html).toContain("From the configuration");
	const recipe = await operator.open(`${root}${LIST}/recipes/request-tracker?brand=harbor`);
	expect(recipe.html).toContain("RT-Extension-XLogin/lib/RT/Extension/XLogin.pm");
	const page = await operator.open(`${root}${LIST}/helpdesk/rt?brand=harbor`);
	expect(page.html).toContain("The configuration of the helpdesk fixes these.");
	expect(page.html).not.toContain("New secret");
	expect(page.html).not.toContain(SECRET);
	expect(page.html).not.toMatch(/<form[^>]*helpdesk\/rt/);
	const proof = /name="_csrf" value="([^"]+)"/.exec(page.html)?.[1] ?? "";
	for (const path of ["", "/secret", "/remove"]) {
		const url = `${root}${LIST}/helpdesk/rt${path}?brand=harbor`;
		expect((await operator.post(url, [["_csrf", proof]])).status, path).toBe(404);
	}
	const redeemed = await fetch(`${portals["harbor"]}/oidc/token`, {
		method: "POST",
		headers: { authorization: `Basic ${Buffer.from(`rt:${SECRET}`).toString("base64")}` },
		body: new URLSearchParams({
			...{ grant_type: "authorization_code", code: "none" },
			redirect_uri: "http://127.0.0.1:4/x-login/openid",
		}),
	});
	expect(await redeemed.json()).toMatchObject({ error: "invalid_grant" });

	const listed = runCli(data, "openid", "list", "--data", data, ...flags, "--json");
	expect(JSON.parse(listed.stdout)).toEqual({
		helpdesks: [
			{
				...{ ...rt, address: place.address, lastUsed: null, isConfigured: true },
				redirectUris: ["http://127.0.0.1:4/x-login/openid"],
			},
		],
	});
	expect(running.printed() + listed.stdout + listed.stderr).not.toContain(SECRET);

	await endHelpdesk(running);
	const without = await startHelpdeskProcess(data);
	const again = await fetch(`${without.ready.portals["harbor"]}/oidc/token`, {
		method: "POST",
		body: new URLSearchParams({ client_id: "rt", grant_type: "authorization_code", code: "x" }),
	});
	expect(await again.json()).toMatchObject({ error: "invalid_client" });
});

test("a start with a broken file, or one for a brand that there is not, says what to change", async () => {
	const data = await newDataFolder();
	const file = join(data, "helpdesks.json");
	const start = async (listed: unknown) => {
		await writeFile(file, JSON.stringify(listed));
		const flags = ["--data", data, "--port", "0", "--connected-helpdesks-file", file];
		return runCli(data, "start", ...flags);
	};
	const rt = { brand: "harbor", id: "rt", preset: "request-tracker", secret: SECRET };
	const broken = await start([{ ...rt, address: "http://rt.example.com" }]);
	expect([broken.status, broken.stdout]).toEqual([2, ""]);
	expect(broken.stderr).toContain("helpdesk 1: Address of Request Tracker: http://rt.example.com");
	const lost = await start([{ ...rt, brand: "shop", address: "https://rt.example.com" }]);
	expect([lost.status, lost.stdout]).toEqual([2, ""]);
	expect(lost.stderr).toContain(
		'the connected helpdesk rt is for the brand "shop", and the brands are acorn, harbor',
	);
});

test("stored helpdesks are listed without secrets, and keys are rotated while the helpdesk runs", async () => {
	const data = await newDataFolder();
	const running = await startHelpdeskProcess(data);
	const operator = await operatorOf(running);
	const portal = running.ready.portals["acorn"] ?? "";
	const add = `${LIST}/add?brand=acorn&preset=request-tracker`;
	expect(runCli(data, "openid", "list", "--data", data).stdout).toBe("No helpdesk is connected.\n");
	await operator.open(`${portal}${add}`);
	const { html } = await operator.submit(add, { address: "http://127.0.0.1:4" });
	const secret = /label>\s*<div class="copy"><input id="paste-2" value="([\w-]{43})"/.exec(
		html,
	)?.[1];

	const listed = runCli(data, "openid", "list", "--data", data);
	expect(listed.stdout).toMatch(
		/^acorn +request-tracker-[0-9a-f]{12} +http:\/\/127\.0\.0\.1:4 +Request Tracker +never used\n$/,
	);
	expect(secret).toBeDefined();
	expect(listed.stdout).not.toContain(secret);

	const before = await keyIds(portal);
	expect(before).toHaveLength(2);
	const rotate = ["openid", "rotate-keys", "--data", data];
	const rotated = runCli(data, ...rotate, "--brand", "acorn", "--json");
	const [acorn, ...others] = JSON.parse(rotated.stdout).rotated;
	expect([acorn.brand, others]).toEqual(["acorn", []]);
	expect(new Date(acorn.signsFrom).getTime()).toBeGreaterThan(Date.now());
	await expect.poll(async () => (await keyIds(portal)).length, { timeout: 60_000 }).toBe(4);
	expect((await keyIds(portal)).slice(0, 2)).toEqual(before);

	const all = runCli(data, ...rotate);
	expect(all.stdout).toMatch(
		/^The new keys of the brand acorn sign from \d{4}-.*Z on\.\nThe brand harbor has no keys yet\. .*\nUntil then the old keys sign\./,
	);
	const other = join(data, "other-key");
	await writeFile(other, Buffer.alloc(32, 5).toString("base64"), { mode: 0o600 });
	const refused = runCli(data, ...rotate, "--key-file", other);
	expect(refused).toMatchObject({ status: 2, stdout: "" });
	expect(refused.stderr).toContain("signing keys of the brand acorn cannot be decrypted");
	expect(refused.stderr).toContain("--key-file");
	expect((await keyIds(portal)).length).toBe(4);
	expect(runCli(data, ...rotate, "--brand", "shop")).toMatchObject({
		status: 2,
		stderr: '--brand "shop" names no brand; the brands are acorn, harbor\n',
	});
});

test("the command says what it takes, and needs a helpdesk and its key", async () => {
	const data = await newDataFolder();
	const refusal = { status: 2, stdout: "" };
	for (const args of [[], ["turn"], ["list", "acorn"]]) {
		const said = runCli(data, "openid", ...args);
		expect(said).toMatchObject(refusal);
		expect(said.stderr).toContain("openid takes one of list, rotate-keys");
	}
	const none = runCli(data, "openid", "list", "--data", data);
	expect(none).toMatchObject(refusal);
	expect(none.stderr).toContain("there is no helpdesk in");
	await endHelpdesk(await startHelpdeskProcess(data));
	const lost = runCli(
		data,
		"openid",
		"rotate-keys",
		"--data",
		data,
		"--key-file",
		join(data, "no"),
	);
	expect(lost).toMatchObject(refusal);
	expect(lost.stderr).toContain("there is no key file");
});
