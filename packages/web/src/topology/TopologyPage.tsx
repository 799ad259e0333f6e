import '../workflow/marks.css';
import '../workflow/panel/SidePanel.css';
import '../workflow/WorkflowPage.css';
import '../propagation/PropagationPage.css';
import './TopologyPage.css';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { getJson } from '../api/client.js';
import { queryOf } from '../api/queryOf.js';
import type { PropagationAnswer } from '../propagation/propagation.js';
import { NotHere } from '../shell/NotHere.js';
import { SinceSelect } from '../shell/SinceSelect.js';
import { useQueryState } from '../url/useQueryState.js';
import { counted } from '../words/format.js';
import { Switch } from '../workflow/Switch.js';
import { PlacePanel } from './PlacePanel.js';
import { TopologyMap } from './TopologyMap.js';
import { placesOf, roadsOf, streamsOf, type TopologyAnswer, totalOf } from './topologyGraph.js';

/** The map of events and consumers over the chosen time. */
export function TopologyPage() {
  const { query, change } = useQueryState();
  const since = query.get('since');
  const onlyUnhealthy = query.get('only') === 'unhealthy';
  const selected = query.get('sel');
  const topology = useQuery({
    queryKey: ['topology', since],
    queryFn: ({ signal }) => getJson<TopologyAnswer>(`/api/topology${queryOf({ since })}`, signal),
    refetchInterval: (state) => (state.state.error ? false : 15_000),
  });
  const propagation = useQuery({
    queryKey: ['propagation', since],
    queryFn: ({ signal }) => getJson<PropagationAnswer>(`/api/propagation${queryOf({ since })}`, signal),
    refetchInterval: (state) => (state.state.error ? false : 15_000),
  });
  useEffect(() => {
    document.title = 'Topology · Upshot';
  }, []);
  const map = useMemo(() => {
    if (!topology.data) return null;
    const streams = streamsOf(topology.data);
    const all = placesOf(streams);
    const roads = roadsOf(streams, propagation.data?.hops ?? []);
    if (!onlyUnhealthy) return { places: all, roads };
    const bad = roads.filter(({ health }) => health.failed > 0);
    const names = new Set(bad.flatMap(({ from, to }) => [from, to]));
    return { places: all.filter(({ name }) => names.has(name)), roads: bad };
  }, [topology.data, propagation.data, onlyUnhealthy]);
  const place = map?.places.find(({ name }) => name === selected) ?? null;
  const failing = map?.places.filter((one) => totalOf(one).failed > 0).length ?? 0;
  return (
    <div className="map-page">
      <header className="page-head">
        <h1>Topology</h1>
        {map && (
          <span className="quiet">
            {counted(map.places.length, 'service')},{' '}
            {counted(topology.data?.events.length ?? 0, 'event name')}.{' '}
            {failing > 0 ? (
              <b className="t-fail">{counted(failing, 'consumer')} failing.</b>
            ) : (
              'None is failing.'
            )}
          </span>
        )}
        <span className="spring" />
        <Switch
          label="Only unhealthy"
          checked={onlyUnhealthy}
          onChange={(on) => change({ only: on ? 'unhealthy' : null })}
        />
        <SinceSelect value={since} onChange={(to) => change({ since: to })} />
      </header>
      <div className="frame">
        {topology.error && !topology.data ? (
          <NotHere what="Topology" error={topology.error} />
        ) : !map ? (
          <div className="notice" aria-busy="true">
            <span className="skeleton map-waiting" />
          </div>
        ) : map.places.length === 0 ? (
          <div className="notice">
            <h2>{onlyUnhealthy ? 'Nothing is unhealthy' : 'Nothing was seen yet'}</h2>
            <p className="quiet">
              {onlyUnhealthy
                ? 'No delivery failed, and none is missing, in the chosen time.'
                : 'The map draws itself a few seconds after the first event is consumed.'}
            </p>
          </div>
        ) : (
          <TopologyMap
            places={map.places}
            roads={map.roads}
            selected={selected}
            select={(name) => change({ sel: name }, { replace: true })}
          />
        )}
        {place && (
          <div className="frame-panel map-panel">
            <PlacePanel
              place={place}
              since={since}
              onClose={() => change({ sel: null }, { replace: true })}
            />
          </div>
        )}
      </div>
    </div>
  );
}
