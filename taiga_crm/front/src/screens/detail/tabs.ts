/** What draws each kind of tab; those that few people open come only when they are opened. */
import type { Component } from 'vue';
import type { TabKind } from '@/api/meta';
import { lazy } from '@/kit/lazy';
import ConnectionsTab from './ConnectionsTab.vue';
import DataTab from './DataTab.vue';
import PendingTab from './PendingTab.vue';
import ProjectsTab from './ProjectsTab.vue';
import RelatedTab from './RelatedTab.vue';
import StackTab from './StackTab.vue';

const TimelineTab = lazy(() => import('../timeline/TimelineTab.vue'));
const PrivacyTab = lazy(() => import('../privacy/PrivacyTab.vue'));
const DueTab = lazy(() => import('../privacy/DueTab.vue'));
const FilesTab = lazy(() => import('./files/FilesTab.vue'));

export function tabComponent(kind: TabKind): Component {
  const known: Record<TabKind, Component> = {
    data: DataTab,
    related: RelatedTab,
    stack: StackTab,
    timeline: TimelineTab,
    history: TimelineTab,
    projects: ProjectsTab,
    connections: ConnectionsTab,
    files: FilesTab,
    privacy: PrivacyTab,
    due: DueTab,
    pending: PendingTab,
  };
  return known[kind] ?? PendingTab;
}
