export interface SeriesChoice {
  name: string;
  about: string;
}

/** The series that the reader offers: one a line after the first, its name before the first dot, what it is after it. */
export function seriesChoices(detail: string): SeriesChoice[] {
  return detail
    .split("\n")
    .slice(1)
    .map((line) => {
      const [name = "", ...about] = line.split(" · ");
      return { name: name.trim(), about: about.join(" · ") };
    })
    .filter(({ name, about }) => name !== "" && !about.includes("unusable: "));
}
