import { expect, test } from "vitest";
import { loadPlugin } from "../../src/artifact/load/load-plugin.ts";
import costs from "../../src/plugin/log-in-costs.json" with { type: "json" };
import { builtArtifact } from "../kit/artifact/built-artifact.ts";

test("the built plugin exports the prices in its README", async () => {
	const { logInPrices } = await loadPlugin(await builtArtifact());

	expect(logInPrices).toEqual(costs);
	expect(logInPrices?.protocols.map(({ protocol }) => protocol)).toEqual(["oauth1", "oauth2"]);
});
