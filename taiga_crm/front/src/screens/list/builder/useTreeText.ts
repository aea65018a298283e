/** A tree of conditions as one sentence: "City is Oslo and (Employees at least 50 or not (Key account is Yes))". */
import { computed, watchEffect } from 'vue';
import type { Entity } from '@/api/meta';
import { fieldOf } from '@/api/records';
import { useI18n } from '@/i18n';
import type { Filter } from '../state';
import { isLeaf, isUsable, leavesOf, type Tree, toFilter, toLeaf } from '../tree';
import { operatorLabel, useFilterTexts } from '../useFilterText';

export function useTreeText(entity: () => Entity, tree: () => Tree | null) {
  const { t } = useI18n();
  const { name, wordsOf } = useFilterTexts();

  watchEffect(() => {
    for (const leaf of leavesOf(tree())) {
      const field = fieldOf(entity(), leaf[0]);
      if (field) name(toFilter(leaf), field);
    }
  });

  function conditionText(filter: Filter): string {
    const field = fieldOf(entity(), filter.field);
    const value = filter.value;
    if (!field || !isUsable(toLeaf(filter), entity())) {
      const how = t(`filter.operator.${filter.operator}`);
      return `⚠ ${t('filter.says', { field: field?.label ?? filter.field, how, value })}`;
    }
    const parts = { field: field.label, value: wordsOf(filter, field) };
    if (filter.operator === 'empty' || filter.operator === 'within') return t('filter.says_alone', parts);
    if (filter.operator === 'exact') return t('filter.says_is', parts);
    return t('filter.says', { ...parts, how: operatorLabel(filter.operator, field, t) });
  }

  function treeText(node: Tree, isInner = false): string {
    if (isLeaf(node)) return conditionText(toFilter(node));
    if ('not' in node) return t('filter.says_not', { text: treeText(node.not) });
    const parts = ('all' in node ? node.all : node.any).map((part) => treeText(part, true));
    const key = 'all' in node ? 'filter.says_both' : 'filter.says_either';
    const text = parts.reduce((one, other) => t(key, { one, other }));
    return isInner && parts.length > 1 ? `(${text})` : text;
  }

  const text = computed(() => {
    const whole = tree();
    return whole ? treeText(whole) : '';
  });
  return { text, conditionText };
}
