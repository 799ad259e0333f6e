import { clusterNodes, EachNode } from './Cluster.js';
import { Endpoint } from './Endpoint.js';
import { Entrances } from './Entrances.js';
import { type Ask, checkRights, checkVersion, databaseExists, settingNames } from './inspectServer.js';
import { openError } from './openError.js';
import { ServerEngine, type ServerParts, statementIds } from './ServerEngine.js';
import { describeLocation, type ServerLocation } from './ServerLocation.js';
import { ShardWatch } from './ShardWatch.js';
import {
  CLUSTER_READ_SETTINGS,
  knownSettings,
  NATIVE,
  REPLICATED_READ_SETTINGS,
  REPLICATED_WRITE_SETTINGS,
  SERVER_READ_SETTINGS,
  SERVER_WRITE_SETTINGS,
} from './serverSettings.js';

/** For a server to say who it is. */
const OPEN_TIMEOUT_MS = 20_000;

/** Connects, and finds out whether this is a ClickHouse that Upshot can work with. Rejects with `StorageError` in one line, without credentials. */
export async function openServerEngine(location: ServerLocation): Promise<ServerEngine> {
  const kept: Closable[] = [];
  const passing: Closable[] = [];
  const { writerId, nextId } = statementIds();
  const entrancesOf = (database?: string) =>
    new Entrances(location.hosts.map((place) => new Endpoint(place, location, database)));
  try {
    // The database may have to be made first; every server has this one.
    const before = keptIn(passing, entrancesOf('system'));
    const ask = askingAt(before, nextId);
    await checkVersion(ask, location);
    const known = await settingNames(ask);
    const entrances = keptIn(kept, entrancesOf());
    let cluster: ServerParts['cluster'] = null;
    if (location.cluster === null) {
      if (!(await databaseExists(ask, location)))
        await commandAt(before, nextId)(`CREATE DATABASE IF NOT EXISTS ${location.database}`);
    } else {
      const { layout, places, shards } = await clusterNodes(ask, location, location.cluster);
      if (!(await databaseExists(ask, location))) {
        const bare = places.map((place) => keptIn(passing, new Endpoint(place, location, 'system')));
        await new EachNode(commandAt(before, nextId), bare, layout, nextId).createDatabase();
      }
      const nodes = places.map((place) => keptIn(kept, new Endpoint(place, location)));
      entrances.add(nodes);
      cluster = {
        layout,
        each: new EachNode(commandAt(entrances, nextId), nodes, layout, nextId),
        watch: new ShardWatch(layout.name, shards, askingAt(entrances, nextId)),
      };
    }
    await checkRights(askingAt(entrances, nextId), location);
    const replicated = cluster?.layout.replicated === true;
    return new ServerEngine({
      description: describeLocation(location),
      writerId,
      nextId,
      entrances,
      cluster,
      readSettings: {
        ...knownSettings(SERVER_READ_SETTINGS, known),
        ...(cluster === null ? {} : CLUSTER_READ_SETTINGS),
        ...(replicated ? REPLICATED_READ_SETTINGS : {}),
      },
      writeSettings: { ...SERVER_WRITE_SETTINGS, ...(replicated ? REPLICATED_WRITE_SETTINGS : {}) },
    });
  } catch (error) {
    await Promise.all(kept.map((one) => one.close()));
    throw openError(location, error);
  } finally {
    await Promise.all(passing.map((one) => one.close()));
  }
}

interface Closable {
  close(): Promise<void>;
}

function keptIn<T extends Closable>(list: Closable[], one: T): T {
  list.push(one);
  return one;
}

function askingAt(entrances: Entrances, nextId: () => string): Ask {
  return (sql, settings = {}) =>
    entrances.run(
      {
        sql,
        queryId: nextId(),
        settings: { ...NATIVE, ...settings },
        signal: AbortSignal.timeout(OPEN_TIMEOUT_MS),
      },
      true,
    );
}

function commandAt(entrances: Entrances, nextId: () => string): Ask {
  return (sql, settings = {}) => entrances.run({ sql, queryId: nextId(), settings }, false);
}
