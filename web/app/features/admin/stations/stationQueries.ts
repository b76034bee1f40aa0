import { hub } from "@app/hub/hub";
import { queryClient } from "@app/hub/queries";
import { useMutation, useQuery } from "@tanstack/react-query";
import type { components } from "@teleneedle/protocol";

type Schemas = components["schemas"];
export type DicomPort = Schemas["PortShape"];
export type Station = Schemas["StationShape"];
export type StationBody = Schemas["StationIn"];
export type Rule = Schemas["RuleShape"];
export type RuleBody = Schemas["RuleIn"];
export type Kind = RuleBody["kinds"][number];

const ADDRESS = "/api/admin/dicom";
const keys = {
  port: ["admin", "dicom", "port"],
  stations: ["admin", "dicom", "stations"],
  rules: ["admin", "dicom", "rules"],
};
const renew = (queryKey: readonly string[]) => () => void queryClient.invalidateQueries({ queryKey });

export const useDicomPort = () =>
  useQuery({ queryKey: keys.port, queryFn: () => hub.get<DicomPort>(`${ADDRESS}/port`) });

export const useStations = () =>
  useQuery({ queryKey: keys.stations, queryFn: () => hub.get<Station[]>(`${ADDRESS}/stations`) });

export const useRules = () =>
  useQuery({ queryKey: keys.rules, queryFn: () => hub.get<Rule[]>(`${ADDRESS}/rules`) });

/** Registers a station when there is no id, changes it otherwise. */
export const useSaveStation = () =>
  useMutation({
    mutationFn: ({ id, ...body }: StationBody & { id?: string | undefined }) =>
      id
        ? hub.call("PUT", `${ADDRESS}/stations/${id}`, { body })
        : hub.post<Station>(`${ADDRESS}/stations`, body),
    onSuccess: renew(keys.stations),
  });

/** Its rules go with it. */
export const useRemoveStation = () =>
  useMutation({
    mutationFn: (id: string) => hub.call("DELETE", `${ADDRESS}/stations/${id}`),
    onSuccess: renew(["admin", "dicom"]),
  });

export const useAddRule = () =>
  useMutation({
    mutationFn: (body: RuleBody) => hub.post<Rule>(`${ADDRESS}/rules`, body),
    onSuccess: renew(keys.rules),
  });

export const useRemoveRule = () =>
  useMutation({
    mutationFn: (id: string) => hub.call("DELETE", `${ADDRESS}/rules/${id}`),
    onSuccess: renew(keys.rules),
  });
