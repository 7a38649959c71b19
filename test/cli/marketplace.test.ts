import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import manifest from "../../plugin.json" with { type: "json" };
import { newKeyPair, readPrivateKey, signArchive } from "../../src/artifact/zip/signature.ts";
import { tinyZip } from "../kit/artifact/plugin-versions.ts";
import { HttpVisitor } from "../kit/helpdesk/http-visitor.ts";
import { ADD_ONS } from "../kit/helpdesk/install-add-on.ts";
import { runCli } from "../kit/helpdesk/run-cli.ts";
import { newDataFolder, startHelpdeskProcess } from "../kit/helpdesk/start-helpdesk.ts";

test("the folder marketplace in the data offers packages, and only trusted publishers' can be installed", async () => {
	const data = await newDataFolder();
	const folder = join(data, "marketplace");
	await mkdir(folder);
	const zip = tinyZip({ onActivate: "" });
	const { privateKey, publicKey } = newKeyPair();
	await writeFile(join(folder, "tiny-1.0.0.zip"), zip);
	await writeFile(join(folder, "unsigned.zip"), zip);
	await writeFile(join(folder, "tiny-1.0.0.zip.sig"), signArchive(zip, readPrivateKey(privateKey)));
	await writeFile(join(data, "publisher.pub"), publicKey);
	const { ready } = await startHelpdeskProcess(data, [
		"--trust-publisher",
		join(data, "publisher.pub"),
	]);
	const portal = ready.portals["acorn"] ?? "";
	const operator = new HttpVisitor();
	await operator.open(`${ready.admin}/login`);
	const { email, password } = ready.operator;
	await operator.submit("/admin/login", { email, password: password ?? "" });
	const choose = async (file: string): Promise<string> => {
		await operator.open(`${portal}${ADD_ONS}`);
		const csrf = /name="_csrf" value="([^"]+)"/.exec(operator.seen.html)?.[1] ?? "";
		return (
			await operator.post(`${portal}${ADD_ONS}/choose`, [
				["_csrf", csrf],
				["file", file],
			])
		).html;
	};

	expect(await choose("unsigned.zip")).toContain("<code>unsigned</code>");
	expect(await choose("tiny-1.0.0.zip")).toContain("which you trust");
	await operator.submit(`${ADD_ONS}/install`);
	expect(operator.seen.html).toContain("Tiny 1.0.0 is installed.");
	// What comes with the helpdesk is trusted with it.
	expect(await choose(`x-login-${manifest.version}.zip`)).toContain(
		"This zip is already installed.",
	);
});

test("a file that is not a public key is named, and nothing starts", async () => {
	const data = await newDataFolder();
	const file = join(data, "no.pub");
	await writeFile(file, "hello");

	const { status, stderr } = runCli(data, "start", "--data", data, "--trust-publisher", file);

	expect(status).toBe(2);
	expect(stderr).toContain(`--trust-publisher ${file} is not a public key for Ed25519 in PEM`);
});
