import type { HostStorage } from "../../../src/contract/storage.ts";
import type { HelpdeskOptions } from "../../../src/helpdesk/helpdesk.ts";
import { MemoryStorage } from "../../../src/storage/memory-storage.ts";
import type { HostSetUp, OpenedHost } from "../../../src/testing/host-contract/host-under-test.ts";
import { brokenPromises, promisesByPart } from "../../kit/mutants/broken-promises.ts";
import { type Breakage, loadBroken } from "../../kit/mutants/load-broken.ts";
import { openStandalone, STANDALONE_PORTAL } from "./helpdesk-under-test.ts";
import { type MeddlingProxy, meddlingProxy, type Wire } from "./meddling-proxy.ts";

/** The standalone helpdesk with one broken promise. */
export interface PortalMutant extends Breakage {
	readonly breaks: readonly string[];
	readonly options?: Partial<HelpdeskOptions>;
	/** Changes how an administrator's actions end. */
	handling?(opened: OpenedHost, storage: HostStorage): Partial<OpenedHost>;
	/** Changes requests to a portal, and its answers. */
	wire?(brandId: string): Wire;
}

/** The mutants, each named by the end of a sentence that begins with "a helpdesk that". */
export type PortalMutants = Readonly<Record<string, PortalMutant>>;

/** All promises about pages. */
export function portalPromises(): string[] {
	const ofPorts = promisesByPart();
	const parts = [...promisesByPart(STANDALONE_PORTAL)].filter(([part]) => !ofPorts.has(part));
	return parts.flatMap(([, promises]) => promises);
}

/** The promises that a mutant breaks, each with its error. Only the parts that should break are run. */
export function brokenBy(mutant: PortalMutant): Promise<ReadonlyMap<string, unknown>> {
	const open = (setUp: HostSetUp) => openBroken(setUp, mutant);
	return brokenPromises({ open, portal: STANDALONE_PORTAL }, mutant.breaks);
}

async function openBroken(setUp: HostSetUp, mutant: PortalMutant): Promise<OpenedHost> {
	const storage = new MemoryStorage(setUp.clock);
	const opened = await openStandalone(setUp, { ...mutant.options, storage }, (zip) =>
		loadBroken(zip, mutant),
	);
	if (mutant.wire === undefined) {
		return { ...opened, ...mutant.handling?.(opened, storage) };
	}
	const proxies = new Map<string, MeddlingProxy>();
	for (const id of opened.brandIds) {
		proxies.set(id, await meddlingProxy(opened.portalUrl(id), mutant.wire(id)));
	}
	return {
		...opened,
		portalUrl: (brandId) => proxies.get(brandId)?.url ?? "",
		close: async () => {
			for (const proxy of proxies.values()) {
				proxy.close();
			}
			await opened.close();
		},
	};
}
