import type { DraftRecommendation, EngineRequest } from '../types';

/** A changed request, and the way back for what the model writes about it. */
export interface TransformedRequest {
  readonly request: EngineRequest;
  /** Puts back what was replaced, in every draft that is shown or kept. */
  readonly restore?: (drafts: readonly DraftRecommendation[]) => readonly DraftRecommendation[];
}

/** Changes a request before anything of it is written into a prompt, such as de-identification. Same request, same result. */
export type RequestTransform = (request: EngineRequest) => TransformedRequest | Promise<TransformedRequest>;

/** Applies a transform; the same request where there is none. */
export async function transformed(request: EngineRequest, transform: RequestTransform | undefined): Promise<Required<TransformedRequest>> {
  const { request: changed, restore } = transform ? await transform(request) : { request };
  return { request: changed, restore: restore ?? ((drafts) => drafts) };
}
