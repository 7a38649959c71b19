import { expect, test } from "vitest";
import { loadPlugin } from "../../src/artifact/load/load-plugin.ts";
import costs from "../../src/plugin/log-in-costs.json" with { type: "json" };
import { builtArtifact } from "../kit/artifact/built-artifact.ts";

test("the built plugin exports the prices in its README, without the calls", async () => {
	const { logInPrices } = await loadPlugin(await builtArtifact());

	const protocols = costs.protocols.map(({ calls: _, ...price }) => price);
	expect(logInPrices).toEqual({ ...costs, protocols });
	expect(protocols.map(({ protocol }) => protocol)).toEqual(["oauth1", "oauth2"]);
});
