import type { Request, Response } from 'express';
import passport from 'passport';

/** Asks a passport strategy of the service who somebody is. @param input what its `validate` looks at; false: nobody */
export function authenticate<User>(strategy: string, input: object): Promise<User | false> {
  return new Promise((resolve, reject) => {
    const done = (error: Error | null, user: User | false | null) => (error ? reject(error) : resolve(user ?? false));
    const middleware = passport.authenticate(strategy, { session: false }, done) as (
      request: Request,
      response: Response,
      next: (error: Error) => void,
    ) => void;
    middleware(input as Request, {} as Response, reject);
  });
}
