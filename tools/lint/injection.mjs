/** @import { TSESTree } from '@typescript-eslint/types' */

/** @returns {string | null} the name of the function that an expression calls */
const calledName = (/** @type {TSESTree.Expression} */ expression) =>
  expression.type === 'CallExpression' && expression.callee.type === 'Identifier' ? expression.callee.name : null;

/**
 * The name of the class that `@Inject(Name)` asks for, or null when it asks for a token or for nothing plain.
 * @param {TSESTree.Decorator} options
 */
function injectedName({ expression }) {
  if (expression.type !== 'CallExpression' || calledName(expression) !== 'Inject') return null;
  const [token] = expression.arguments;
  return expression.arguments.length === 1 && token.type === 'Identifier' ? token.name : null;
}

/**
 * The name of a parameter's type when it is a plain class, as far as one file can tell.
 * @param {TSESTree.Parameter} parameter
 */
function typeName(parameter) {
  const name = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
  const annotation = (name.type === 'AssignmentPattern' ? name.left : name).typeAnnotation?.typeAnnotation;
  return annotation?.type === 'TSTypeReference' && annotation.typeName.type === 'Identifier'
    ? annotation.typeName.name
    : null;
}

/**
 * Nest reads the types of a constructor from the metadata that the compilers emit for every decorated class, so
 * `@Inject(X) x: X` says the same thing twice. Where the class itself has no decorator, nothing is emitted once its
 * parameters have none either: there `@Inject` stays.
 *
 * @type {import('eslint').Rule.RuleModule}
 */
export const redundantInject = {
  meta: { type: 'suggestion', fixable: 'code', schema: [] },
  create(context) {
    const { sourceCode } = context;
    return {
      'MethodDefinition[kind="constructor"]'(/** @type {unknown} */ node) {
        const constructor = /** @type {TSESTree.MethodDefinition} */ (node);
        if ((constructor.parent.parent.decorators ?? []).length === 0) return;
        for (const parameter of constructor.value.params) {
          for (const decorator of parameter.decorators ?? []) {
            const name = injectedName(decorator);
            if (name === null || name !== typeName(parameter)) continue;
            context.report({
              node: decorator,
              message: `The type ${name} already tells Nest what to inject. Leave @Inject(${name}) out.`,
              fix: (fixer) =>
                fixer.removeRange([
                  decorator.range[0],
                  sourceCode.getTokenAfter(/** @type {import('estree').Node} */ (/** @type {unknown} */ (decorator)))
                    ?.range[0] ?? decorator.range[1],
                ]),
            });
          }
        }
      },
    };
  },
};

const MAKES_INJECTABLE = new Set(['Injectable', 'Controller', 'Module', 'Catch']);

/**
 * Names that are there at run time: what the file imports as values, and its own classes.
 * @param {TSESTree.Program} options
 */
function valueNames({ body }) {
  const imported = body
    .flatMap((statement) =>
      statement.type === 'ImportDeclaration' && statement.importKind !== 'type' ? statement.specifiers : [],
    )
    .filter((specifier) => !('importKind' in specifier) || specifier.importKind !== 'type')
    .map(({ local }) => local.name);
  const declared = body
    .map((statement) => ('declaration' in statement ? statement.declaration : statement))
    .flatMap((declaration) => (declaration?.type === 'ClassDeclaration' ? [declaration.id?.name] : []));
  return new Set([...imported, ...declared]);
}

/**
 * The other side: without `@Inject`, a type that is gone at run time is found out only when the service starts.
 * @type {import('eslint').Rule.RuleModule}
 */
export const injectableType = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const values = valueNames(/** @type {TSESTree.Program} */ (/** @type {unknown} */ (context.sourceCode.ast)));
    return {
      'MethodDefinition[kind="constructor"]'(/** @type {unknown} */ node) {
        const constructor = /** @type {TSESTree.MethodDefinition} */ (node);
        const decorators = constructor.parent.parent.decorators ?? [];
        if (!decorators.some(({ expression }) => MAKES_INJECTABLE.has(calledName(expression) ?? ''))) return;
        for (const parameter of constructor.value.params) {
          const name = typeName(parameter);
          if ((parameter.decorators ?? []).length > 0 || (name !== null && values.has(name))) continue;
          context.report({
            node: parameter,
            message:
              'Nest cannot tell what to inject here: no class is left of this type at run time. Name a token with @Inject.',
          });
        }
      },
    };
  },
};
