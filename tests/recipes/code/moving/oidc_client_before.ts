import { UserManager, type UserManagerSettings, WebStorageStateStore } from 'oidc-client-ts';

export function createManager(settings: UserManagerSettings): UserManager {
  // A timer renews the tokens in each tab.
  return new UserManager({
    ...settings,
    userStore: new WebStorageStateStore({ store: localStorage }),
  });
}

export async function callApi(manager: UserManager, url: string): Promise<Response> {
  const user = await manager.getUser();
  return fetch(url, { headers: { Authorization: `Bearer ${user?.access_token}` } });
}
