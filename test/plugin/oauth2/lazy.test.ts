import { expect, test } from "vitest";
import { packPlugin } from "../../../src/artifact/pack/pack-plugin.ts";
import { readArchive } from "../../../src/artifact/zip/read-archive.ts";
import { builtArtifact } from "../../kit/artifact/built-artifact.ts";
import { throughX } from "../../kit/plugin/at-x.ts";
import { keysFor, openHouse } from "../../kit/plugin/open-house.ts";

const EVALUATED = "evaluatedOAuth2";

test("the part for OAuth 2.0 is not evaluated until a brand uses it", async () => {
	const files = new Map(readArchive(await builtArtifact()));
	const code = Buffer.from(files.get("plugin.mjs") ?? "").toString();
	// The library keeps its own name from the moment that it is evaluated.
	const marked = code.replace(/"oauth4webapi\/v[\d.]+"/, `(globalThis.${EVALUATED}=true,$&)`);
	expect(marked).not.toBe(code);
	files.set("plugin.mjs", Buffer.from(marked));
	const { host } = await openHouse({ zip: packPlugin(files).zip });
	const isEvaluated = () => Reflect.has(globalThis, EVALUATED);

	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-up" });
	expect(isEvaluated()).toBe(false);
	host.settings.save("brand", keysFor("oauth2"));
	expect(isEvaluated()).toBe(false);
	expect(await throughX(host.newBrowser())).toMatchObject({ kind: "signed-in" });
	expect(isEvaluated()).toBe(true);
	Reflect.deleteProperty(globalThis, EVALUATED);
});
