import type { ReactNode } from "react";
import { classNames } from "./classNames";

export interface Column<Row> {
  key: string;
  head: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Numbers stand at the right, so that their digits line up. */
  isNumber?: boolean;
  className?: string;
}

interface TableProps<Row> {
  caption: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  isActive?: (row: Row) => boolean;
}

export function Table<Row>({ caption, columns, rows, rowKey, isActive }: TableProps<Row>) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full border-collapse text-body">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                className={classNames(
                  "px-3 py-1.5 text-label font-medium whitespace-nowrap text-quiet",
                  column.isNumber ? "text-right" : "text-left",
                )}
              >
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={classNames(
                "border-b border-line/70 hover:bg-raised/60",
                isActive?.(row) && "bg-raised",
              )}
            >
              {columns.map((column) => (
                <td
                  key={column.key}
                  className={classNames(
                    "px-3 py-2 align-baseline",
                    column.isNumber && "text-right whitespace-nowrap",
                    column.className,
                  )}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
