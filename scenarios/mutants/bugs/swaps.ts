/**
 * Ways to put a broken part into the service: a PSP adapter or a store whose other methods stay
 * as they are. What is broken stands with the mutants.
 */
import {
  createPspAdapter,
  type PspAdapter,
  type PspAdapterPorts,
  type PspConfig,
  type Stores,
} from '../../../reference-service/index.ts';
import type { ServiceMutation } from '../../drivers/index.ts';

/** What of an adapter is other than shipped. */
export type AdapterChange = (
  shipped: PspAdapter,
  more: { ports: PspAdapterPorts; config: PspConfig },
) => Partial<PspAdapter>;

/** Every PSP's adapter with these methods in place of its own. */
export function withAdapter(change: AdapterChange): ServiceMutation {
  return {
    parts: () => ({
      createPspAdapter: (config, ports) => {
        const shipped = createPspAdapter(config, ports);
        return overlaid(shipped, change(shipped, { ports, config }));
      },
    }),
  };
}

/** One store with these methods in place of its own. */
export function withStore<Name extends keyof Stores>(
  name: Name,
  change: (shipped: Stores[Name]) => Partial<Stores[Name]>,
): ServiceMutation {
  return {
    parts: ({ stores }) => ({ stores: { ...stores, [name]: overlaid(stores[name], change(stores[name])) } }),
  };
}

/** Methods of the original see themselves, not the changed ones: they call each other as shipped. */
function overlaid<Part extends object>(shipped: Part, changed: Partial<Part>): Part {
  return new Proxy(shipped, {
    get: (target, name) => {
      if (name in changed) return Reflect.get(changed, name);
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
