/** A DICOM date (PS3.5 6.2, DA: YYYYMMDD) as an ISO date; anything else as it is. */
export const isoDate = (date: string): string => date.replace(/^(\d{4})(\d{2})(\d{2})$/, "$1-$2-$3");
