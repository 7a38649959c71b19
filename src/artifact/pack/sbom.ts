import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The parts of esbuild's metafile that are read. */
export interface Metafile {
	readonly inputs: Readonly<
		Record<string, { readonly imports: readonly { readonly path: string }[] }>
	>;
	readonly outputs: Readonly<
		Record<
			string,
			{ readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>> }
		>
	>;
}

interface Component {
	readonly folder: string;
	readonly name: string;
	readonly version: string;
	readonly license: string | undefined;
	readonly licenseText: string | undefined;
}

/**
 * A bill of materials (CycloneDX 1.6, JSON) of the packages in a bundle, with their licences and licence texts. It has no
 * time and no serial number, so the same bundle has the same bill.
 *
 * @param root the folder that the metafile's names start from.
 * @param plugin the plugin that was bundled.
 * @throws Error when a bundled package has no readable package.json.
 */
export async function sbomOf(
	metafile: Metafile,
	root: string,
	plugin: { readonly name: string; readonly version: string; readonly license: string },
): Promise<Uint8Array> {
	const bundled = Object.values(metafile.outputs).flatMap(({ inputs }) =>
		Object.entries(inputs).flatMap(([name, { bytesInOutput }]) =>
			bytesInOutput > 0 ? [name] : [],
		),
	);
	const folders = new Set(bundled.flatMap((name) => packageFolder(name) ?? []));
	const found = await Promise.all([...folders].map((folder) => readComponent(root, folder)));
	const components = [...new Map(found.map((each) => [purlOf(each), each])).values()].sort(
		(one, other) => (purlOf(one) < purlOf(other) ? -1 : 1),
	);
	const self = `pkg:generic/${plugin.name}@${plugin.version}`;
	const bill = {
		bomFormat: "CycloneDX",
		specVersion: "1.6",
		version: 1,
		metadata: {
			component: {
				type: "library",
				"bom-ref": self,
				name: plugin.name,
				version: plugin.version,
				licenses: licensesOf(plugin.license, undefined),
			},
		},
		components: components.map((component) => ({
			type: "library",
			"bom-ref": purlOf(component),
			name: component.name,
			version: component.version,
			...(component.license && {
				licenses: licensesOf(component.license, component.licenseText),
			}),
			purl: purlOf(component),
		})),
		dependencies: dependenciesOf(metafile, bundled, found, self),
	};
	return new TextEncoder().encode(`${JSON.stringify(bill, null, "\t")}\n`);
}

/** `node_modules/a/node_modules/@b/c/d.js` is in the package folder `node_modules/a/node_modules/@b/c`. */
function packageFolder(name: string): string | undefined {
	return /^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(name)?.[0];
}

async function readComponent(root: string, folder: string): Promise<Component> {
	const text = await readFile(join(root, folder, "package.json"), "utf8");
	const { name, version, license }: Record<string, unknown> = JSON.parse(text);
	if (typeof name !== "string" || typeof version !== "string") {
		throw new Error(`${folder}/package.json has no name and version`);
	}
	const files = (await readdir(join(root, folder))).sort();
	const licenseFile = files.find((file) => /^licen[cs]e(\.md|\.txt)?$/i.test(file));
	return {
		folder,
		name,
		version,
		license: typeof license === "string" ? license : undefined,
		licenseText: licenseFile && (await readFile(join(root, folder, licenseFile), "utf8")),
	};
}

/** https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
function purlOf({ name, version }: Pick<Component, "name" | "version">): string {
	return `pkg:npm/${name.replace("@", "%40")}@${encodeURIComponent(version)}`;
}

function licensesOf(license: string, content: string | undefined): object[] {
	const text = content && { text: { contentType: "text/plain", content } };
	// npm writes these for licences without an SPDX identifier.
	if (/^(?:UNLICENSED|SEE LICENSE IN .*)$/.test(license)) {
		return [{ license: { name: license, ...text } }];
	}
	// In CycloneDX an identifier may have a text, an SPDX expression may not.
	return /^[A-Za-z0-9.+-]+$/.test(license)
		? [{ license: { id: license, ...text } }]
		: [{ expression: license }];
}

function dependenciesOf(
	{ inputs }: Metafile,
	bundled: readonly string[],
	components: readonly Component[],
	self: string,
): object[] {
	const refs = new Map(components.map((component) => [component.folder, purlOf(component)]));
	const refOf = (name: string): string => refs.get(packageFolder(name) ?? "") ?? self;
	const edges = new Map<string, Set<string>>(
		[self, ...refs.values()].map((ref) => [ref, new Set()]),
	);
	for (const name of bundled) {
		for (const { path } of inputs[name]?.imports ?? []) {
			if (path in inputs && refOf(path) !== refOf(name)) {
				edges.get(refOf(name))?.add(refOf(path));
			}
		}
	}
	return [...edges.entries()]
		.sort(([one], [other]) => (one < other ? -1 : 1))
		.map(([ref, dependsOn]) => ({ ref, dependsOn: [...dependsOn].sort() }));
}
