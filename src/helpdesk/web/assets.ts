import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { COPY_SCRIPT } from "./copy-script.ts";
import { PASSKEY_SCRIPT } from "./passkey-button.ts";
import { UNSAVED_SCRIPT } from "./unsaved-script.ts";

/** Lies beside this file, and beside the built command. */
const FOLDER = new URL("./assets/", import.meta.url);

/** The parts of the one style sheet. Later ones add to earlier ones. */
const STYLE_FILES = [
	...["tokens.css", "base.css", "forms.css", "parts.css", "controls.css", "figures.css"],
	...["shell.css", "settings.css", "phone.css"],
];

interface Asset {
	readonly path: string;
	readonly type: string;
	readonly body: string;
}

const read = (name: string): string => readFileSync(new URL(name, FOLDER), "utf8");

/** The files that every page of the helpdesk uses. */
export const ASSETS = {
	style: {
		path: "/assets/style.css",
		type: "text/css; charset=utf-8",
		body: STYLE_FILES.map(read).join(""),
	},
	script: {
		path: "/assets/copy.js",
		type: "text/javascript; charset=utf-8",
		body: COPY_SCRIPT + PASSKEY_SCRIPT + UNSAVED_SCRIPT,
	},
	favicon: { path: "/assets/favicon.svg", type: "image/svg+xml", body: read("favicon.svg") },
} as const satisfies Record<string, Asset>;

const VERSIONS: ReadonlyMap<string, string> = new Map(
	Object.values(ASSETS).map(({ path, body }) => [
		path,
		createHash("sha256").update(body).digest("hex").slice(0, 8),
	]),
);

/** The address of a file with its version, because browsers keep files for an hour: an upgrade must not mix two versions. */
export function assetUrl({ path }: Asset): string {
	return `${path}?v=${VERSIONS.get(path)}`;
}
