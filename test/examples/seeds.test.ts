import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allExamples } from '../../examples/all';

const ROOT = join(__dirname, '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'seeds.md'), 'utf8');

test('every file that the page refers to is there', () => {
  const named = [...PAGE.matchAll(/`((?:bench|examples|faults|test)\/[^` ]*)`/g)].map(([, file]) => file);
  const linked = [...PAGE.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, file]) => file);
  expect(named.length).toBeGreaterThan(20);
  expect([...named, ...linked].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});

test('the lines of code that the page counts are those of the files', () => {
  const counted = [...PAGE.matchAll(/\[(\d+)(?: lines)?\]\(\.\.\/(examples\/[^)]+)\)/g)].map(([, lines, file]) => ({ file, lines: Number(lines) }));
  expect(counted.length).toBe(5);
  expect(counted).toEqual(counted.map(({ file }) => ({ file, lines: readFileSync(join(ROOT, file), 'utf8').split('\n').length - 1 })));
});

test('every example has a line in the list, and tells what it is', () => {
  const list = readFileSync(join(ROOT, 'examples', 'README.md'), 'utf8');
  const listed = [...list.matchAll(/^\| \[([\w-]+)\]\(([^)]+)\)/gm)].map(([, name, file]) => ({ name, isThere: existsSync(join(ROOT, 'examples', file)) }));
  expect(listed).toEqual(Object.keys(allExamples).map((name) => ({ name, isThere: true })));
});
