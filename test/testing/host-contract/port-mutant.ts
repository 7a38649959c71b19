import type { HelpdeskHost } from "../../../src/contract/helpdesk-host.ts";
import type { HostStorage } from "../../../src/contract/storage.ts";
import type { OpenedHost } from "../../../src/testing/host-contract/host-under-test.ts";
import type { Breakage } from "../../kit/mutants/load-broken.ts";

/** The mock host, with one thing that it does not do as it should. */
export interface PortMutant extends Omit<Breakage, "ports"> {
	readonly breaks: readonly string[];
	ports?(host: HelpdeskHost, wholeStorage: HostStorage): Partial<HelpdeskHost>;
	/** How an administrator's doings really end. */
	handling?(opened: OpenedHost): Partial<OpenedHost>;
}

/** By a sentence that begins with "a helpdesk that". */
export type PortMutants = Readonly<Record<string, PortMutant>>;
