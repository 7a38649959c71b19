import { expect, test } from "vitest";
import costs from "../../src/plugin/log-in-costs.json" with { type: "json" };
import { builtPlugin } from "../kit/artifact/built-plugin.ts";

test("the built plugin exports the prices in its README", async () => {
	const { logInPrices } = await builtPlugin();

	expect(logInPrices).toEqual(costs);
	expect(logInPrices?.protocols.map(({ protocol }) => protocol)).toEqual(["oauth1", "oauth2"]);
});
