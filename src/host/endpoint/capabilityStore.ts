import type * as vscode from 'vscode';
import { readCapability, type CapabilityMemory, type EndpointCapability } from '../../core/engine/endpoint/capability';

const key = 'kedrec.capabilities';
/** Of that many servers and models; the oldest go first. */
const most = 100;

/** What servers were found to take, kept between windows and restarts. Holds addresses and models, no key and no case. */
export class CapabilityStore implements CapabilityMemory {
  constructor(private readonly memory: vscode.Memento) {}

  get(name: string): EndpointCapability | undefined { return readCapability(this.entries()[name]); }

  set(name: string, capability: EndpointCapability | undefined): void {
    const rest = Object.entries(this.entries()).filter(([other]) => other !== name);
    const kept = capability ? [...rest, [name, capability] as const] : rest;
    void this.memory.update(key, Object.fromEntries(kept.slice(-most)));
  }

  private entries(): Record<string, unknown> { return this.memory.get<Record<string, unknown>>(key) ?? {}; }
}
