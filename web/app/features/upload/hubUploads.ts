import { hub } from "@app/hub/hub";
import type { Job, Upload } from "@teleneedle/protocol";
import type { UploadPort } from "./transfer";

/**
 * Uploads of one case over HTTP; a repeated creation carries the same command id. Structures are proposed as soon as
 * the images are read.
 */
export function hubUploads(caseId: string): UploadPort {
  const commandId = crypto.randomUUID();
  return {
    create: (files) => hub.post<Upload>(`/api/cases/${caseId}/uploads`, { command_id: commandId, files }),
    read: (id) => hub.get<Upload>(`/api/uploads/${id}`),
    put: (id, index, offset, bytes, signal) =>
      hub.call<{ received: number }>("PUT", `/api/uploads/${id}/files/${index}?offset=${offset}`, {
        bytes,
        signal,
      }),
    complete: (id, completion) =>
      hub.post<Job>(`/api/uploads/${id}/complete`, { ...completion, then_segment: true }),
    cancel: (id) => hub.call<void>("DELETE", `/api/uploads/${id}`),
  };
}
