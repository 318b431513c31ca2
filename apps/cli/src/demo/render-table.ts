import Table from 'cli-table3';

/** A table without frames: reads the same in a terminal, a log and a mail. Numbers stand on the right. */
export function renderTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const edges = ['top', 'bottom', 'left', 'right', 'mid'];
  const names = edges.flatMap((edge) => [edge, `${edge}-mid`, `${edge}-left`, `${edge}-right`, `${edge}-mid-mid`]);
  const table = new Table({
    chars: { ...Object.fromEntries(names.map((name) => [name, ''])), middle: '  ' },
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
    head: [...head],
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) table.push([...row]);
  return table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`)
    .join('\n');
}
