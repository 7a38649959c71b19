import { once } from "node:events";
import { cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { eventually } from "../kit/eventually.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { operatorOf } from "../kit/helpdesk/operator-of.ts";
import { newFolder, runCli } from "../kit/helpdesk/run-cli.ts";
import {
	newDataFolder,
	type RunningHelpdesk,
	startHelpdeskProcess,
} from "../kit/helpdesk/start-helpdesk.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const INTEGRATION = "/admin/settings/general/integrations/magic-word";
const SOCIAL_LOGIN = "/admin/settings/users/social-login/magic-word";

/** The magic word in its own project, with the kit installed from its folder. */
async function newProject(): Promise<string> {
	const folder = await newFolder();
	await cp(join(root, "test/magic-word"), folder, { recursive: true });
	await rm(join(folder, "dist"), { recursive: true, force: true });
	await mkdir(join(folder, "node_modules"));
	await symlink(root, join(folder, "node_modules/x-login"));
	return folder;
}

async function change(folder: string, file: string, from: string, to: string): Promise<void> {
	const text = await readFile(join(folder, file), "utf8");
	expect(text).toContain(from);
	await writeFile(join(folder, file), text.replace(from, to));
}

/** The printed results of its reloads. A busy machine may read one change as two. */
function reloads({ printed }: RunningHelpdesk): string[] {
	const lines = printed().matchAll(/^(?:(reloaded) in \d+ ms$|(not reloaded), )/gm);
	return [...lines].map(([, done, not]) => done ?? not ?? "");
}

async function untilReloaded(helpdesk: RunningHelpdesk, after = 0): Promise<void> {
	await eventually(() => {
		expect(reloads(helpdesk).length).toBeGreaterThan(after);
		expect(reloads(helpdesk).at(-1)).toBe("reloaded");
	});
}

test("saved code serves at once, and stored data and sessions stay", async () => {
	const folder = await newProject();
	const helpdesk = await startHelpdeskProcess(await newDataFolder(), ["--watch", folder]);
	const portal = helpdesk.ready.portals["acorn"] ?? "";
	const operator = await operatorOf(helpdesk);
	await operator.open(`${helpdesk.ready.admin}/settings/general/integrations`);
	await operator.submit(`${INTEGRATION}/activate`);
	await operator.open(`${portal}${INTEGRATION}?brand=acorn`);
	await operator.submit(`${INTEGRATION}?brand=acorn`, { magicWord: "open sesame" });
	await operator.open(`${portal}${SOCIAL_LOGIN}`);
	await operator.submit(SOCIAL_LOGIN, { acorn: "on" });
	const visitor = new HttpVisitor();
	await visitor.open(`${portal}/login?returnTo=/account`);
	await visitor.submit("/login/magic-word/start");

	// Code changes in the middle of a log-in, and then texts.
	await change(folder, "src/pages.ts", "<h1>", "<h1>New: ");
	await eventually(async () => {
		const other = new HttpVisitor();
		await other.open(`${portal}/login`);
		expect((await other.submit("/login/magic-word/start")).html).toContain("<h1>New: ");
	});
	await visitor.submit("/login/magic-word/continue", { nickname: "ada", word: "wrong word" });
	expect(visitor.seen.html).toContain("<h1>New: Log in with a magic word");
	await visitor.submit("/login/magic-word/continue", { nickname: "ada", word: "open sesame" });
	expect(visitor.seen.url).toBe(`${portal}/account`);
	await change(folder, "locales/en.json", "Log in with a magic word", "Say the word");
	await eventually(async () => {
		expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Say the word");
	});
	expect((await visitor.open(`${portal}/account`)).html).toContain("<strong>ada</strong>");

	// Code that cannot be loaded is reported, in the log and on the page, and changes nothing.
	await change(folder, "src/pages.ts", "export function loginButton(", "export function ( {");
	await eventually(() => {
		expect(helpdesk.printed()).toMatch(/^not reloaded, .*src\/pages\.ts:\d+: /m);
	});
	expect((await new HttpVisitor().open(`${portal}/login`)).html).toContain("Say the word");
	await operator.open(`${helpdesk.ready.admin}/plugin-calls`);
	expect(operator.seen.html).toContain("the previous code stays in use");
	expect(operator.seen.html).toContain("continueLogin");
	expect(operator.seen.html).not.toContain("open sesame");
	expect(reloads(helpdesk).at(-1)).toBe("not reloaded");

	await change(folder, "src/pages.ts", "export function ( {", "export function loginButton(");
	await untilReloaded(helpdesk);
	await operator.open(`${helpdesk.ready.admin}/plugin-calls`);
	expect(operator.seen.html).toMatch(/Reloaded at [\d:.]+ UTC, in \d+ ms/);
});

test("a new file is watched, and so is code that imports a missing file", async () => {
	const folder = await newProject();
	const helpdesk = await startHelpdeskProcess(await newDataFolder(), ["--watch", folder]);
	await change(folder, "src/pages.ts", "import type", 'import "./more/new.ts";\nimport type');
	await eventually(() => expect(helpdesk.printed()).toContain('Could not resolve "./more/new.ts"'));

	await mkdir(join(folder, "src/more"));
	await writeFile(join(folder, "src/more/new.ts"), "export {};\n");
	await change(folder, "src/pages.ts", "import type", "\nimport type");
	await untilReloaded(helpdesk);
	const before = reloads(helpdesk).length;
	await writeFile(join(folder, "src/more/new.ts"), "export const one = 1;\n");
	await untilReloaded(helpdesk, before);

	await writeFile(join(folder, "notes.txt"), "no part of it");
	await change(folder, "plugin.json", '"id": "magic-word"', '"id": "other-word"');
	await eventually(() => expect(helpdesk.printed()).toContain("start the helpdesk again"));
});

test("the source of the X plugin is watched by default", async () => {
	const helpdesk = await startHelpdeskProcess(await newDataFolder(), ["--watch"]);
	const operator = await operatorOf(helpdesk);
	await operator.open(`${helpdesk.ready.admin}/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	await operator.open(`${helpdesk.ready.admin}/plugin-calls`);

	expect(operator.seen.html).toContain("onActivate");
	expect(operator.seen.html).toContain("needs-setup");
});

test("the watched plugin serves instead of the installed version", async () => {
	const data = await newDataFolder();
	const first = await startHelpdeskProcess(data);
	first.process.kill("SIGKILL");
	await once(first.process, "exit");
	const helpdesk = await startHelpdeskProcess(data, ["--watch"]);
	const portal = helpdesk.ready.portals["acorn"] ?? "";
	await new HttpVisitor().open(`${portal}/login`);
	const { password } = first.ready.operator;
	const ready = { ...helpdesk.ready, operator: { ...helpdesk.ready.operator, password } };
	const operator = await operatorOf({ ...helpdesk, ready });
	await operator.open(`${helpdesk.ready.admin}/settings/general/integrations`);
	await operator.submit("/admin/settings/general/integrations/x-login/activate");
	await operator.open(`${helpdesk.ready.admin}/plugin-calls`);

	expect(operator.seen.html).toContain("onActivate");
});

test("one sentence says that there is nothing to watch, or that it cannot be built", async () => {
	const folder = await newFolder();
	const start = (dir: string) =>
		runCli(folder, "start", "--port", "0", "--storage", "memory:", "--data", "d", "--watch", dir);
	expect(start("nowhere")).toMatchObject({
		status: 2,
		stderr: expect.stringMatching(/nothing to watch: .*nowhere has no plugin.json/),
	});

	const built = join(root, "dist/plugin");
	expect(start(built).stderr).toMatch(/nothing to watch: .* has none of src\/plugin.ts/);
	const project = await newProject();
	await change(project, "src/plugin.ts", "export function createPlugin(", "export function (");
	expect(start(project)).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("src/plugin.ts:"),
	});
	expect(runCli(folder, "start", "surplus")).toMatchObject({
		status: 2,
		stderr: expect.stringContaining("only --watch takes a folder"),
	});
});

test("the layout of the settings comes with its drawings, and a changed drawing is shown at once", async () => {
	const folder = await newProject();
	const svg = (y: number) =>
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 ${y}h9"/></svg>`;
	const text = "settings.magicWord.label";
	const drawing = { file: "guide/word.svg", caption: text, description: text };
	const layout = {
		sections: [{ title: text, settings: ["magicWord"] }],
		guide: [{ title: text, text, drawings: [drawing] }],
	};
	await writeFile(join(folder, "src/settings-page.json"), JSON.stringify(layout));
	await mkdir(join(folder, "src/guide"));
	await writeFile(join(folder, "src/guide/word.svg"), svg(1));
	const helpdesk = await startHelpdeskProcess(await newDataFolder(), ["--watch", folder]);
	const portal = helpdesk.ready.portals["acorn"] ?? "";
	const operator = await operatorOf(helpdesk);
	await operator.open(`${helpdesk.ready.admin}/settings/general/integrations`);
	await operator.submit(`${INTEGRATION}/activate`);
	const shown = async () => (await operator.open(`${portal}${INTEGRATION}?brand=acorn`)).html;
	expect(await shown()).toContain('<path d="M0 1h9"/>');

	await writeFile(join(folder, "src/guide/word.svg"), svg(2));
	await eventually(async () => expect(await shown()).toContain('<path d="M0 2h9"/>'));
});
