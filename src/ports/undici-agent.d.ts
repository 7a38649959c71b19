// undici's types are those of the whole package.
declare module "undici/lib/dispatcher/agent.js" {
	import { Agent } from "undici";

	export = Agent;
}
