import assert from 'node:assert/strict';
import { cohenKappa, fleissKappa } from '../../../src/core/dataset/agreement/kappa';
import { seededRandom } from '../../../src/core/evaluation/statistics';

const near = (actual: number | undefined, expected: number, digits = 3) => assert.equal(actual?.toFixed(digits), expected.toFixed(digits));
/** A contingency table as pairs. */
const pairsOf = (table: readonly (readonly number[])[]) => table.flatMap((row, a) => row.flatMap((count, b) => Array.from({ length: count }, () => [a, b] as const)));
const countsOf = (ratings: readonly (readonly number[])[], categories: number) => ratings.map(unit => Array.from({ length: categories }, (_, k) => unit.filter(value => value === k + 1).length));

// Fleiss 1971, Psychol Bull 76:378-382: 30 patients, 6 psychiatrists each, 5 diagnoses.
const fleiss1971 = ['444444', '222555', '233335', '555555', '222444', '113333', '333355', '113334', '114444', '555555', '144444', '124444', '222333', '144444', '224445',
  '333335', '111455', '111112', '224444', '133555', '555555', '244444', '224555', '114444', '144445', '222224', '111155', '224444', '133333', '555555'].map(row => [...row].map(Number));

describe('kappa', () => {
  it('of two raters: the table of Fleiss, Levin and Paik (2003), table 18.1: kappa 0.68, standard error 0.087', () => {
    const { kappa, raw, units } = cohenKappa(pairsOf([[75, 1, 4], [5, 4, 1], [0, 0, 10]]), 3);
    assert.equal(units, 100);
    near(raw?.value, 0.89);
    near(kappa?.value, 0.676470588235294, 12);
    // statsmodels 0.15, cohens_kappa, gives 0.0877030 and 0.5045760 to 0.8483652.
    near(kappa?.standardError, 0.08770295347521254, 12);
    near(kappa?.interval95?.[0], 0.5045759580860855, 9);
    near(kappa?.interval95?.[1], 0.8483652184023, 6);
  });

  it('of two raters: the textbook 2 by 2 table 20, 5, 10, 15 gives 0.4', () => {
    near(cohenKappa(pairsOf([[20, 5], [10, 15]]), 2).kappa?.value, 0.4, 12);
  });

  it('of more: the worked example with 10 subjects, 14 raters and 5 categories gives 0.210', () => {
    const { kappa, raw } = fleissKappa([[0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1], [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]]);
    near(raw?.value, 0.378);
    near(kappa?.value, 0.210);
  });

  it('of more: the diagnoses of Fleiss (1971) give 0.430, raw agreement 0.556', () => {
    const { kappa, raw } = fleissKappa(countsOf(fleiss1971, 5));
    near(raw?.value, 0.556);
    near(kappa?.value, 0.430);
    near(kappa?.standardError, 0.0542, 4); // irrCAC 0.4.4, variance of Gwet 2021
  });

  it('of unequal numbers of raters: four raters, twelve units and gaps (Gwet) give 0.76117, standard error 0.15302', () => {
    const ratings = ['1101', '2232', '3333', '3333', '2222', '1234', '4444', '1121', '2222', '0555', '0011', '0030'].map(row => [...row].map(Number));
    const { kappa, raw, units } = fleissKappa(countsOf(ratings, 5));
    assert.equal(units, 11);
    near(raw?.value, 0.81818, 5);
    near(kappa?.value, 0.76117, 5);
    near(kappa?.standardError, 0.15302, 5);
  });

  it('is not defined where every rating is the same, and says nothing of nothing', () => {
    assert.equal(cohenKappa([[0, 0], [0, 0]], 3).kappa, undefined);
    assert.equal(cohenKappa([[0, 0], [0, 0]], 3).raw?.value, 1);
    assert.equal(fleissKappa([[3, 0, 0], [2, 0, 0]]).kappa, undefined);
    assert.deepEqual(cohenKappa([], 3), { units: 0 });
    assert.deepEqual(fleissKappa([[1, 0, 0], [0, 0, 0]]), { units: 0 });
  });

  it('of random ratings is near 0, and its intervals hold 0 in about 95 of 100', () => {
    const random = seededRandom(7);
    const draw = () => Math.floor(random() * 3);
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const interval = cohenKappa(Array.from({ length: 150 }, () => [draw(), draw()] as const), 3).kappa!.interval95!;
      if (interval[0] <= 0 && 0 <= interval[1]) { held++; }
    }
    assert.ok(held >= 180 && held <= 199, `${held} of 200`);
  });
});
